import { expect, test } from 'vitest';
import { parseDatabaseUrl } from './database/address.ts';
import { readSettings, SettingsError } from './settings.ts';

test('the defaults are loopback, port 5000 and admin', () => {
  expect(readSettings({})).toMatchObject({ host: '127.0.0.1', port: 5000, adminPassword: 'admin' });
});

test('production refuses the default admin password, given or not', () => {
  expect(() => readSettings({ NODE_ENV: 'production' })).toThrow(/set BOARD_ADMIN_PASSWORD/);
  expect(() => readSettings({ NODE_ENV: 'production', BOARD_ADMIN_PASSWORD: 'admin' })).toThrow(
    SettingsError,
  );
  expect(readSettings({ NODE_ENV: 'production', BOARD_ADMIN_PASSWORD: 'other' }).adminPassword).toBe('other');
});

test.each(['x', '-1', '65536', '1.5'])('PORT=%s is refused', (port) => {
  expect(() => readSettings({ PORT: port })).toThrow(`cannot use PORT="${port}"`);
});

test('a database address may be a host and port, or a socket', () => {
  expect(parseDatabaseUrl('mysql://b:p%40ss@db:3307/board')).toEqual({
    user: 'b',
    password: 'p@ss',
    host: 'db',
    port: 3307,
    database: 'board',
  });
  expect(parseDatabaseUrl('mysql://root@localhost/board?socketPath=/run/a.sock')).toEqual({
    user: 'root',
    password: '',
    socketPath: '/run/a.sock',
    database: 'board',
  });
});

test.each(['', 'postgres://x/y', 'mysql://secret@host', 'mysql://secret@host/a/b'])(
  'database address %j is refused without repeating it',
  (text) => {
    expect(() => parseDatabaseUrl(text)).toThrow(SettingsError);
    expect(() => parseDatabaseUrl(text)).not.toThrow(/secret/);
  },
);
