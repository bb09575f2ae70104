import { chromium } from 'playwright-core';
import { certificateFor } from '../../src/testing/certificate.ts';
import { answer, serveHttp } from '../../src/testing/servers.ts';
import { type Recording, writeRecordings } from '../tools/recording.ts';

interface Page {
  readonly title: string;
  readonly fires: readonly string[];
  readonly unlike: readonly string[];
  readonly isSecure: boolean;
}

const pages: readonly Page[] = [
  {
    title: 'a page that sends to another origin',
    fires: ['browser-cross-origin'],
    unlike: ['browser-mixed-content'],
    isSecure: false,
  },
  {
    title: 'an https page that sends to http',
    fires: ['browser-mixed-content'],
    unlike: ['browser-cross-origin'],
    isSecure: true,
  },
];

/** What stands in a browser's console when a page may not send its telemetry. */
export async function record(): Promise<void> {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--host-resolver-rules=MAP *.example.com 127.0.0.1',
      '--ignore-certificate-errors',
    ],
  });
  const receiver = await serveHttp((_, response) => answer(response, 200));
  const recordings: Recording[] = [];
  for (const { title, fires, unlike, isSecure } of pages) {
    const own = await serveHttp(
      (_, response) => answer(response, 200, { 'content-type': 'text/html' }, '<title>Board</title>'),
      isSecure ? certificateFor('board.example.com') : undefined,
    );
    const page = await browser.newPage();
    const lines: string[] = [];
    page.on('console', (message) => lines.push(message.text()));
    page.on('pageerror', (error) => lines.push(String(error)));
    await page.goto(`http${isSecure ? 's' : ''}://board.example.com:${own.port}/`);
    await page.evaluate(
      (url) =>
        fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }).catch(
          (error) => console.error(String(error)),
        ),
      `http://maru.example.com:${receiver.port}/v1/traces`,
    );
    await page.close();
    await own.close();
    recordings.push({ title, fires, unlike, text: lines.join('\n') });
  }
  await receiver.close();
  const version = browser.version();
  await browser.close();
  writeRecordings(`chromium-${version.split('.')[0]}/console.txt`, `Chromium ${version}`, recordings);
}
