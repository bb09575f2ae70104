import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

const years = {
  valid: { from: '20200101000000Z', until: '20991231000000Z' },
  expired: { from: '20200101000000Z', until: '20200201000000Z' },
} as const;

/** `openssl ca` alone takes dates in every version from 1.1 on. */
function configuration(dir: string): string {
  return [
    '[ca]\ndefault_ca = own',
    `[own]\ndatabase = ${dir}/index.txt\nnew_certs_dir = ${dir}\nrand_serial = yes`,
    'default_md = sha256\npolicy = any\ncopy_extensions = copy\nemail_in_dn = no',
    '[any]\ncommonName = supplied\n',
  ].join('\n');
}

/** A self-signed certificate for one name, made by openssl. */
export function certificateFor(name: string, dates: 'valid' | 'expired' = 'valid'): Certificate {
  const dir = mkdtempSync(join(tmpdir(), 'maru-certificate-'));
  const openssl = (line: string): Buffer =>
    execFileSync('openssl', line.split(' '), { cwd: dir, stdio: 'pipe' });
  const { from, until } = years[dates];
  try {
    writeFileSync(join(dir, 'ca.cnf'), configuration(dir));
    writeFileSync(join(dir, 'index.txt'), '');
    openssl(
      `req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out request.csr -subj /CN=${name} -addext subjectAltName=DNS:${name}`,
    );
    openssl(
      `ca -batch -selfsign -notext -config ca.cnf -in request.csr -keyfile key.pem -startdate ${from} -enddate ${until} -out cert.pem`,
    );
    return {
      key: readFileSync(join(dir, 'key.pem'), 'utf8'),
      cert: readFileSync(join(dir, 'cert.pem'), 'utf8'),
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
