import { describe, expect, it } from 'vitest';
import { Progress } from './progress.ts';

function output(isTTY: boolean): {
  text: string;
  write: (chunk: string) => boolean;
  isTTY: boolean;
  columns: number;
} {
  const self = {
    text: '',
    isTTY,
    columns: 60,
    write: (chunk: string): boolean => {
      self.text += chunk;
      return true;
    },
  };
  return self;
}

describe('progress without a terminal', () => {
  it('is a line when a part begins, says something new, and ends', async () => {
    const out = output(false);
    await new Progress(out).run(
      'Getting it',
      async (tell) => {
        tell('downloading');
        tell('downloading');
        return 3;
      },
      (count) => `with ${count}`,
    );
    expect(out.text).toMatch(/^… Getting it\n… Getting it: downloading\n✔ Getting it with 3 \(\d+ ms\)\n$/);
  });

  it('marks what failed and passes the error on', async () => {
    const out = output(false);
    const failing = new Progress(out).run('Getting it', async () => {
      throw new Error('no disk');
    });
    await expect(failing).rejects.toThrow('no disk');
    expect(out.text).toMatch(/✘ Getting it failed \(\d+ ms\)\n$/);
  });
});

describe('progress on a terminal', () => {
  it('draws running parts below what was said, and takes them away when they end', async () => {
    const out = output(true);
    const progress = new Progress(out);
    await progress.run('Getting it', async () => progress.say('engine: a warning'));
    expect(out.text).toContain('\u001b[1A\u001b[Jengine: a warning\n… Getting it (0 s)\n');
    const last = out.text.slice(out.text.lastIndexOf('\u001b[1A\u001b[J'));
    expect(last).toMatch(/✔.* Getting it .*\n$/);
  });
});
