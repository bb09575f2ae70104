import { describe, expect, test } from 'vitest';
import { parseStoreAddress } from './address.ts';

describe('the address of a store', () => {
  test('names user, password, database, TLS, cluster and authority', () => {
    const text =
      'clickhouse://ma%40ru:p%3Aw%2Fd@db.example:9443/telemetry?secure=1&cluster=main&ca=/etc/ca.pem&compress=1';
    expect(parseStoreAddress(text)).toEqual({
      url: 'https://db.example:9443',
      user: 'ma@ru',
      password: 'p:w/d',
      database: 'telemetry',
      cluster: 'main',
      caPath: '/etc/ca.pem',
      compress: true,
      shown: 'clickhouse://db.example:9443/telemetry',
    });
  });

  test.each([
    ['clickhouse://db', 'http://db:8123'],
    ['clickhouse://db?secure=1', 'https://db:8443'],
    ['clickhouse://[::1]:81', 'http://[::1]:81'],
  ])('%s has defaults: %s', (text, url) => {
    expect(parseStoreAddress(text)).toMatchObject({
      url,
      user: 'default',
      password: '',
      database: 'maru',
      compress: false,
    });
  });

  test.each([
    ['db:8123', /it begins with db:/],
    ['', /it is no URL/],
    ['http://u:pass@db', /it begins with http:/],
    ['clickhouse://u:pass@/x', /no URL|no host/],
    ['clickhouse://u:pass@db?tls=1', /a parameter tls; there are secure, cluster, ca, compress/],
    ['clickhouse://u:pass@db?secure=yes', /secure takes 0 or 1/],
    ["clickhouse://u:pass@db/a'b", /names of databases/],
    ['clickhouse://u:pass@db?cluster=a-b', /names of databases and clusters/],
    ['clickhouse://u:pass@db?ca=ca.pem', /ca is not absolute/],
    ['clickhouse://u:pa%zzss@db', /percent/],
  ])('%s is refused without its password', (text, sentence) => {
    const refused = (): unknown => parseStoreAddress(text);
    expect(refused).toThrow(sentence);
    expect(refused).toThrow(/^the store's address is not one like clickhouse:\/\/user:password@/);
    expect(refused).not.toThrow(/pass(?!word)/);
  });
});
