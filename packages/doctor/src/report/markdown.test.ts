import { expect, it } from 'vitest';
import { examineText } from '../examine.ts';
import { markdownOf } from './markdown.ts';

const event =
  'LAST SEEN   TYPE      REASON   OBJECT            MESSAGE\n' +
  '12m         Warning   Failed   pod/board-api-1   Failed to pull image "r.io/board@team:1": no match for platform in manifest: not found\n';

it('holds the cause, its evidence in a fence, and the commands', () => {
  const text = markdownOf(examineText('events.txt', event), 'en');
  expect(text).toContain('(certain, `image-platform`)');
  expect(text).toMatch(/```\nevents\.txt:2 {2}Failed to pull image/);
  expect(text).toMatch(/```sh\ndocker buildx build --platform linux\/amd64/);
});

it('lets no name of the cluster become a mention, a link or HTML', () => {
  const text = markdownOf(
    examineText('events.txt', event.replace('board@team:1', '[x](http://evil)<img>@team:1')),
    'ko',
  );
  const outside = text.replace(/^(`{3,})[\s\S]*?^\1$/gm, '');
  expect(outside).not.toMatch(/[^\\]@team|[^\\]<img|[^\\]\]\(/);
});
