/** A sentence in both languages of the reports. */
export interface Sentence {
  readonly en: string;
  readonly ko: string;
}

/** What a person can be given so that the next look sees more. */
export interface Permission {
  readonly verb: 'get' | 'list';
  /** As RBAC names it: `pods`, `pods/log`, `ingresses.networking.k8s.io`. */
  readonly resource: string;
  /** Empty: in the whole cluster. */
  readonly namespace: string;
}

/** Something that could not be looked at: a value, never an exception, so that all else is still told. */
export interface Gap {
  readonly text: Sentence;
  /** Only where a refused permission is the reason. */
  readonly permission?: Permission;
  /** Without it nothing may be called healthy. */
  readonly isBlinding?: boolean;
}

export function gap(en: string, ko: string): Gap {
  return { text: { en, ko } };
}

/** `could not look at pods: needs the permission "list pods" in namespace board`. */
export function refusedGap(permission: Permission): Gap {
  const { verb, resource, namespace } = permission;
  const place =
    namespace === ''
      ? { en: 'in the whole cluster', ko: '클러스터 전체' }
      : { en: `in namespace ${namespace}`, ko: `네임스페이스 ${namespace}` };
  return {
    text: {
      en: `could not look at ${resource}: needs the permission "${verb} ${resource}" ${place.en}`,
      ko: `${resource} 확인 불가: ${place.ko}에서 "${verb} ${resource}" 권한이 필요합니다`,
    },
    permission,
  };
}
