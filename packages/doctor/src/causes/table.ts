import type { Cause } from '../rules/cause.ts';
import { admissionCauses } from './admission.ts';
import { applicationCauses } from './application.ts';
import { arrivalCauses } from './arrival.ts';
import { configurationCauses } from './configuration.ts';
import { doubledCauses } from './doubled.ts';
import { imageCauses } from './image.ts';
import { imageAccessCauses } from './image-access.ts';
import { imagePlatformCauses } from './image-platform.ts';
import { mariadbCauses } from './mariadb.ts';
import { networkCauses } from './network.ts';
import { nodeCauses } from './nodes.ts';
import { policyCauses } from './policies.ts';
import { probeCauses } from './probes.ts';
import { runningCauses } from './running.ts';
import { schedulingCauses } from './scheduling.ts';
import { storageCauses } from './storage.ts';
import { telemetrySettingsCauses } from './telemetry-settings.ts';
import { telemetryTransportCauses } from './telemetry-transport.ts';
import { unfinishedCauses } from './unfinished.ts';

/** Every cause, roughly in the order of the ladder. Rules, pages and tests are fed from this one table. */
export const causes: readonly Cause[] = [
  ...admissionCauses,
  ...nodeCauses,
  ...schedulingCauses,
  ...storageCauses,
  ...imagePlatformCauses,
  ...imageAccessCauses,
  ...imageCauses,
  ...configurationCauses,
  ...runningCauses,
  ...applicationCauses,
  ...mariadbCauses,
  ...probeCauses,
  ...networkCauses,
  ...policyCauses,
  ...telemetrySettingsCauses,
  ...doubledCauses,
  ...telemetryTransportCauses,
  ...arrivalCauses,
  ...unfinishedCauses,
];
