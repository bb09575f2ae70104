import type { Command } from '../command.ts';
import { bench } from './bench.ts';
import { check } from './check.ts';
import { config } from './config.ts';
import { conformance } from './conformance.ts';
import { dead } from './dead.ts';
import { deploy } from './deploy.ts';
import { doctor } from './doctor.ts';
import { helpFor } from './help.ts';
import { images } from './images.ts';
import { key } from './key.ts';
import { rules } from './rules.ts';
import { serve } from './serve.ts';
import { test } from './test.ts';
import { up } from './up.ts';
import { verify } from './verify.ts';
import { version } from './version.ts';

const work: readonly Command[] = [
  up,
  serve,
  verify,
  doctor,
  key,
  config,
  rules,
  dead,
  test,
  check,
  images,
  deploy,
  conformance,
  bench,
  version,
];

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [...work, helpFor(work)];
