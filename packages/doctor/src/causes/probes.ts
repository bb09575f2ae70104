import type { Evidence } from '../evidence/model.ts';
import { type Cause, defineCauses, type Match, type Sign } from '../rules/cause.ts';
import { gives, says } from '../rules/signs.ts';
import { both, run, say } from '../rules/text.ts';

const probe = '(?:Readiness|Liveness|Startup) probe (?:failed|errored)';

/**
 * Says so of a probe. A pod without a readiness probe is ready all the while that its liveness probe kills it, so that being
 * ready does not refute that one.
 */
function probeSays(pattern: RegExp): Sign {
  return (evidence) =>
    says(pattern)(evidence).map((match) =>
      /^(?:Liveness|Startup)/.test(match.quotes[0]?.text ?? '') && isKilled(match, evidence)
        ? { ...match, isPast: false }
        : match,
    );
}

function isKilled({ subject }: Match, { statements }: Evidence): boolean {
  return statements.some(
    (one) =>
      one.subject.name === subject.name &&
      one.subject.namespace === subject.namespace &&
      /failed (?:liveness|startup) probe, will be/.test(one.text),
  );
}

const seeProbe = run(
  'kubectl get pod {pod}{namespaceFlag|} -o jsonpath="{.spec.containers[*].readinessProbe}{.spec.containers[*].livenessProbe}"',
);

/** The container runs; the kubelet’s question to it fails. */
export const probeCauses: readonly Cause[] = defineCauses([
  {
    id: 'probe-refused',
    step: 'ready',
    certainty: 'likely',
    title: both(
      'Nothing listens where the probe asks',
      '프로브가 접속하는 주소에서 아무도 수신하지 않습니다',
    ),
    why: both(
      'The process listens on another port or on 127.0.0.1 only (the kubelet asks the pod’s address), or has not started to listen yet.',
      '다른 포트나 127.0.0.1에서만 수신하거나 아직 시작 중입니다.',
    ),
    signs: [probeSays(new RegExp(`${probe}.*connection refused`, 'i'))],
    fix: [
      seeProbe,
      say(
        'Listen on 0.0.0.0, and give slow starts a startupProbe.',
        '0.0.0.0에서 수신하고, 느린 시작에는 startupProbe를 쓰세요.',
      ),
    ],
  },
  {
    id: 'probe-not-found',
    step: 'ready',
    title: both('The path that the probe asks for does not exist (404)', '프로브 경로가 없습니다(404)'),
    why: both(
      'The application answers, with 404: the path is mistyped or moved.',
      '애플리케이션이 404로 답합니다. 경로가 다릅니다.',
    ),
    signs: [probeSays(new RegExp(`${probe}.*statuscode: 404`, 'i'))],
    fix: [seeProbe],
  },
  {
    id: 'probe-needs-login',
    step: 'ready',
    title: both(
      'The path that the probe asks for wants a login ({about|401})',
      '프로브 경로가 로그인을 요구합니다({about|401})',
    ),
    why: both('The kubelet sends no credentials.', 'kubelet은 자격 증명을 보내지 않습니다.'),
    signs: [probeSays(new RegExp(`${probe}.*statuscode: (?<about>40[13])`, 'i'))],
    fix: [
      say(
        'Give the probe a path that needs no login, such as /healthz.',
        '/healthz처럼 로그인이 필요 없는 경로를 쓰세요.',
      ),
    ],
  },
  {
    id: 'probe-server-error',
    step: 'ready',
    certainty: 'likely',
    title: both(
      'The application answers its probe with {about|an error}: something it depends on fails',
      '애플리케이션이 프로브에 {about|오류}(으)로 답합니다. 의존 대상의 문제입니다',
    ),
    why: both(
      'A 5xx comes from the application itself, mostly because its check includes a database or another service.',
      '5xx는 애플리케이션이 보낸 것이며, 주로 DB 등 의존 서비스 확인 실패입니다.',
    ),
    signs: [probeSays(new RegExp(`${probe}.*statuscode: (?<about>5\\d\\d)`, 'i'))],
    fix: [
      run('kubectl logs {pod}{namespaceFlag|} --tail=100'),
      say('Keep dependencies out of the liveness probe.', 'liveness 프로브에는 의존 서비스를 넣지 마세요.'),
    ],
  },
  {
    id: 'probe-timeout',
    step: 'ready',
    certainty: 'likely',
    title: both('The application answers its probe too late', '애플리케이션이 프로브에 너무 늦게 답합니다'),
    why: both(
      'The limit is 1 second by default; a busy event loop or a CPU limit makes it late.',
      '기본 제한은 1초입니다. 이벤트 루프 과부하나 CPU 제한 때문입니다.',
    ),
    signs: [
      probeSays(
        new RegExp(
          `${probe}.*(?:Client\\.Timeout exceeded|context deadline exceeded|i/o timeout|timed out|timeout: failed)`,
          'i',
        ),
      ),
    ],
    fix: [
      run('kubectl top pod {pod}{namespaceFlag|}'),
      say('Raise timeoutSeconds, or the CPU limit.', 'timeoutSeconds 또는 CPU 제한을 늘리세요.'),
    ],
  },
  {
    id: 'probe-protocol',
    step: 'ready',
    title: both(
      'The probe and the application speak different protocols (HTTP and HTTPS)',
      '프로브와 애플리케이션의 프로토콜(HTTP/HTTPS)이 다릅니다',
    ),
    why: both('scheme of the probe must be that of the port.', '프로브의 scheme을 포트에 맞춰야 합니다.'),
    signs: [
      probeSays(
        new RegExp(
          `${probe}.*(?:server gave HTTP response to HTTPS client|malformed HTTP response|statuscode: 400)`,
          'i',
        ),
      ),
    ],
    fix: [seeProbe],
  },
  {
    id: 'probe-command-failed',
    step: 'ready',
    certainty: 'likely',
    title: both('The probe’s own command fails', '프로브 명령이 실패합니다'),
    why: both(
      'An exec probe fails when its command ends with other than 0 or is not in the image.',
      'exec 프로브 명령이 0이 아닌 값으로 끝나거나 이미지에 없습니다.',
    ),
    signs: [
      probeSays(
        new RegExp(
          `${probe}:(?! Get | HTTP | dial tcp| .*(?:context deadline|timed out|timeout|connection refused|statuscode)).*\\S`,
          'i',
        ),
      ),
    ],
    fix: [seeProbe],
  },
  {
    id: 'liveness-kills',
    step: 'ready',
    rank: 'symptom',
    staysTrue: true,
    title: both(
      'The kubelet restarts the container because its liveness probe fails',
      'liveness 프로브 실패로 kubelet이 컨테이너를 재시작합니다',
    ),
    why: both('It looks like a crash and is none.', '크래시처럼 보이지만 아닙니다.'),
    signs: [says(/failed (?:liveness|startup) probe, will be (?:restarted|killed)/i)],
    fix: [
      seeProbe,
      say(
        'Give it more time: failureThreshold, periodSeconds, a startupProbe.',
        'failureThreshold, periodSeconds, startupProbe로 여유를 주세요.',
      ),
    ],
  },
  {
    id: 'hook-failed',
    step: 'started',
    title: both('The container’s lifecycle hook fails', '컨테이너의 라이프사이클 훅이 실패합니다'),
    why: both(
      'A postStart hook that fails ends the container.',
      'postStart 훅이 실패하면 컨테이너가 종료됩니다.',
    ),
    signs: [gives(/^(?:FailedPostStartHook|PostStartHookError|FailedPreStopHook)$/)],
    fix: [run('kubectl get pod {pod}{namespaceFlag|} -o jsonpath="{.spec.containers[*].lifecycle}"')],
  },
]);
