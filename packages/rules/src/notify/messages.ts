import { createHash } from 'node:crypto';
import { type Labels, labelsKey, labelsOf } from '@maru/query-core';
import type { Notice } from './notice.ts';

/** The kinds of receivers. */
export type DestinationKind = 'alertmanager' | 'webhook' | 'slack';

/** The body that a receiver of a kind gets for some alerts, as JSON. */
export const messages: Readonly<
  Record<DestinationKind, (notices: readonly Notice[], externalUrl: string) => object>
> = {
  alertmanager: (notices) => notices.map(alertmanagerAlert),
  webhook: webhookMessage,
  slack: slackMessage,
};

/** Alertmanager's API v2. */
function alertmanagerAlert(notice: Notice): object {
  const { labels, annotations, startsAtMs, endsAtMs, generatorUrl } = notice;
  return {
    labels: Object.fromEntries(labels),
    annotations: Object.fromEntries(annotations),
    startsAt: new Date(startsAtMs).toISOString(),
    endsAt: new Date(endsAtMs).toISOString(),
    generatorURL: generatorUrl,
  };
}

/** What Alertmanager sends to webhooks, version 4; one group an alert's name. */
function webhookMessage(notices: readonly Notice[], externalUrl: string): object {
  const name = notices[0]?.labels.get('alertname') ?? '';
  const groupLabels = { alertname: name };
  return {
    version: '4',
    groupKey: `{}:{alertname=${JSON.stringify(name)}}`,
    truncatedAlerts: 0,
    status: statusOf(notices),
    receiver: 'maru',
    groupLabels,
    commonLabels: Object.fromEntries(common(notices.map(({ labels }) => labels))),
    commonAnnotations: Object.fromEntries(common(notices.map(({ annotations }) => annotations))),
    externalURL: externalUrl,
    alerts: notices.map((notice) => ({
      status: notice.isResolved ? 'resolved' : 'firing',
      ...alertmanagerAlert(notice),
      // Alertmanager's word for "not over".
      endsAt: notice.isResolved ? new Date(notice.endsAtMs).toISOString() : '0001-01-01T00:00:00Z',
      fingerprint: fingerprint(notice.labels),
    })),
  };
}

function statusOf(notices: readonly Notice[]): 'firing' | 'resolved' {
  return notices.some(({ isResolved }) => !isResolved) ? 'firing' : 'resolved';
}

/** The labels that all have alike. */
function common(sets: readonly Labels[]): Labels {
  const [first = new Map<string, string>(), ...others] = sets;
  return labelsOf([...first].filter(([name, value]) => others.every((other) => other.get(name) === value)));
}

/** Sixteen hexadecimal digits that are the same for the same labels. */
function fingerprint(labels: Labels): string {
  return createHash('sha256').update(labelsKey(labels)).digest('hex').slice(0, 16);
}

/** More alerts of one name than this are counted, not listed: a message must stay readable. */
const mostListed = 20;

/** A message to an incoming webhook of Slack. */
function slackMessage(notices: readonly Notice[]): object {
  const name = notices[0]?.labels.get('alertname') ?? '';
  const firing = notices.filter(({ isResolved }) => !isResolved).length;
  const title = firing > 0 ? `[FIRING:${firing}] ${name}` : `[RESOLVED] ${name}`;
  const more = notices.length > mostListed ? [`… and ${notices.length - mostListed} more`] : [];
  return {
    text: escapeSlack(title),
    attachments: [
      {
        color: firing > 0 ? 'danger' : 'good',
        title: escapeSlack(title),
        title_link: notices[0]?.generatorUrl,
        text: [...notices.slice(0, mostListed).map(slackLine), ...more].join('\n'),
        fallback: escapeSlack(title),
      },
    ],
  };
}

function slackLine({ labels, annotations, isResolved }: Notice): string {
  const said =
    annotations.get('summary') ?? annotations.get('description') ?? annotations.get('message') ?? '';
  const named = [...labels]
    .filter(([name]) => name !== 'alertname')
    .map(([name, value]) => `${name}=${value}`);
  return escapeSlack(
    `${isResolved ? 'resolved' : 'firing'}: ${said === '' ? '' : `${said} `}(${named.join(', ')})`,
  );
}

/** Slack's three characters that have a meaning: what telemetry says cannot become a link or a mention. */
function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
