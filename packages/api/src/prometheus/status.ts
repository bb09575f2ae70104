import type { Answer } from '../http/answer.ts';
import { successOf } from './envelope.ts';

/** The version of Prometheus whose API this is: clients choose features by it. */
const prometheusVersion = '3.5.0';

/** `GET /api/v1/status/buildinfo`. Without `features` clients take the server for Prometheus, not Mimir. */
export function buildInformation(version: string): Answer {
  return successOf({
    version: prometheusVersion,
    revision: version,
    branch: '',
    buildUser: '',
    buildDate: '',
    goVersion: '',
  });
}
