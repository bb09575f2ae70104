import { describe, expect, it } from 'vitest';
import { type ArchivedFile, filesInTar, tarOf } from './tar.ts';

function header(path: string, size: string): Buffer {
  const block = Buffer.alloc(512);
  block.write(path, 0);
  block.write(size, 124);
  return block;
}

function named(archive: Buffer, path: string): ArchivedFile | undefined {
  return filesInTar(archive).find((file) => file.path === path);
}

describe('a tar archive', () => {
  it('holds what was put into it', () => {
    const files = [
      { path: 'objects/pods.json', bytes: Buffer.from('{}') },
      { path: 'logs/empty.log', bytes: Buffer.alloc(0) },
      { path: 'logs/whole-block.log', bytes: Buffer.alloc(512, 'x') },
    ];
    expect(filesInTar(tarOf(files, new Date(0)))).toEqual(files);
  });

  it.each(['-7777777', 'garbage', '', '77777777777'])('with a size of "%s" ends', (size) => {
    const archive = Buffer.concat([header('a', size), header('app', '0')]);
    expect(named(archive, 'app')?.path).toBe(size.startsWith('7') ? undefined : 'app');
  });

  it('that is cut off is read as far as it goes', () => {
    const archive = Buffer.concat([header('./app', '1000'), Buffer.from('begin')]);
    expect(named(archive, 'app')?.bytes.toString()).toBe('begin');
  });
});
