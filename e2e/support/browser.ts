import { type Browser, chromium } from 'playwright-core';

/**
 * A real Chromium without a window: the one that `./maru test` found or installed (`CHROMIUM`), else the system's. What a
 * browser fetches for itself at start is off; on a closed network it only delays.
 */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
