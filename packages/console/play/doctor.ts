import type { DoctorFinding, DoctorResponse } from '@maru/api';

/** What the doctor would say of the made-up stack: a cluster with the lost day's cause, and a service that fell silent. */
export function doctor(isEmpty: boolean): DoctorResponse {
  return {
    status: isEmpty ? 'healthy' : 'findings',
    findings: isEmpty ? [] : [platform, stopped],
    gaps: isEmpty ? [] : [gap],
    seen: { pods: 24, nodes: 3, statements: 412 },
    cluster: isEmpty ? '' : "this pod's ServiceAccount (https://10.0.0.1)",
    lookedUnixMillis: Date.now(),
  };
}

const image = 'hyunwoo.azurecr.io/board-api:1.2.0';

const platform: DoctorFinding = {
  id: 'image-platform',
  title: {
    en: `The image ${image} is not built for the platform of the node (linux/amd64)`,
    ko: `이미지 ${image}에 노드의 플랫폼(linux/amd64)용 빌드가 없습니다`,
  },
  certainty: 'certain',
  step: 'image',
  subjects: ['Pod hyunwoo-hw/board-api-7c9d8f6b5-x2x4z', 'Pod hyunwoo-hw/board-api-7c9d8f6b5-9ktfd'],
  about: image,
  why: {
    en: 'An image holds programs for one CPU architecture, and an index lists one image for each. An image built on an Arm Mac runs on arm64 alone unless it was built for other platforms too; nodes are mostly amd64.',
    ko: '이미지는 한 가지 CPU 아키텍처용 프로그램만 담습니다. Arm Mac에서 그대로 빌드한 이미지는 arm64 전용이며, 노드는 대부분 amd64입니다.',
  },
  evidence: [
    {
      where: 'cluster: Event hyunwoo-hw/board-api-7c9d8f6b5-x2x4z.17c',
      text: `Failed to pull image "${image}": rpc error: code = NotFound desc = failed to pull and unpack image "${image}": no match for platform in manifest: not found`,
    },
  ],
  ruledOut: [
    {
      name: { en: 'CPU or memory of the nodes', ko: '노드의 CPU·메모리 부족' },
      why: {
        en: 'the pod was given a node (aks-pool-0), which a lack of CPU or memory prevents; 0.1 of its 1.9 cores are not requested; no FailedScheduling event',
        ko: '파드가 이미 노드(aks-pool-0)에 배정되었고, 자원이 부족했다면 배정되지 않습니다; 노드의 1.9코어 중 0.1코어가 요청되지 않은 상태입니다; FailedScheduling 이벤트도 없습니다',
      },
    },
  ],
  fix: [
    {
      say: {
        en: 'Build for both platforms under a new tag, and deploy that:',
        ko: '두 플랫폼용으로 새 태그를 빌드해 배포하세요:',
      },
    },
    {
      run: `docker buildx build --platform linux/amd64,linux/arm64 -t hyunwoo.azurecr.io/board-api:NEW-TAG --push .`,
    },
  ],
  follows: [
    {
      id: 'image-pull-failed',
      title: { en: 'The image cannot be pulled', ko: '이미지를 내려받을 수 없습니다' },
      subjects: [],
    },
  ],
};

const stopped: DoctorFinding = {
  id: 'arrival-stopped',
  title: {
    en: 'Nothing arrives any more from board-api',
    ko: 'board-api의 텔레메트리가 더는 도착하지 않습니다',
  },
  certainty: 'possible',
  step: 'telemetry',
  subjects: ['board-api'],
  about: 'board-api',
  why: {
    en: 'It sent in a steady rhythm and then nothing in any signal.',
    ko: '일정하게 보내다가 모든 신호가 끊겼습니다.',
  },
  evidence: [{ where: 'ledger', text: 'the last of board-api came at 2026-11-28T09:12:04.000Z, 74 s ago' }],
  ruledOut: [],
  fix: [{ run: './maru doctor otlp "$OTEL_EXPORTER_OTLP_ENDPOINT"' }],
  follows: [],
};

const gap = {
  text: {
    en: 'could not look at nodes: needs the permission "list nodes" in the whole cluster',
    ko: 'nodes 확인 불가: 클러스터 전체에서 "list nodes" 권한이 필요합니다',
  },
  permission: { verb: 'list', resource: 'nodes', namespace: '' },
};
