import type { Container, ImageReport, Pod } from '../evidence/model.ts';
import type { Match, Sign } from '../rules/cause.ts';

/** What a registry told of an image, for every container that wants it and is not ready. */
export function registrySays(finding: RegExp, words: (report: ImageReport) => string): Sign {
  return ({ images, pods }) =>
    images
      .filter((report) => finding.test(report.finding))
      .flatMap((report) =>
        pods.flatMap((pod) =>
          pod.containers
            .filter(({ image, isReady }) => image === report.image && isReady !== true)
            .map((container) => matchOf(pod, container, report, words(report))),
        ),
      );
}

function matchOf(pod: Pod, container: Container, report: ImageReport, text: string): Match {
  return {
    subject: { kind: 'Pod', namespace: pod.namespace, name: pod.name, container: container.name },
    about: report.image,
    quotes: [{ where: report.where, text }],
    values: report.wanted === '' ? {} : { platform: report.wanted },
    certainty: 'certain',
    isPast: false,
    order: 0,
  };
}
