import type { Command } from '../command.ts';
import { isCheckout } from '../paths.ts';
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
import { pack } from './pack.ts';
import { rules } from './rules.ts';
import { serve } from './serve.ts';
import { test } from './test.ts';
import { up } from './up.ts';
import { verify } from './verify.ts';
import { version } from './version.ts';

/** What needs the sources, the Board or the manifests beside it: not in the npm package. */
const ofCheckout: readonly Command[] = [up, test, check, images, deploy, pack, conformance, bench];

const inOrder: readonly Command[] = [
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
  pack,
  conformance,
  bench,
  version,
];

const work = inOrder.filter((command) => isCheckout || !ofCheckout.includes(command));

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [...work, helpFor(work)];
