import { type Cause, defineCauses } from '../rules/cause.ts';
import { says } from '../rules/signs.ts';
import { both, run, say } from '../rules/text.ts';

const ask = (sql: string) => run(`kubectl exec mariadb-0{namespaceFlag|} -- mariadb -uroot -p -e "${sql}"`);

/** What MariaDB and MySQL answer, in the words of the server and its drivers. */
export const mariadbCauses: readonly Cause[] = defineCauses([
  {
    id: 'database-no-password',
    step: 'running',
    title: both(
      'No password was sent to the database for the user {about|}',
      '데이터베이스 사용자 {about|}의 비밀번호가 전달되지 않았습니다',
    ),
    why: both(
      '“using password: NO” means that the variable with the password is empty or named otherwise.',
      '“using password: NO”는 비밀번호 변수가 비었거나 이름이 다르다는 뜻입니다.',
    ),
    signs: [says(/Access denied for user '(?<about>[^']*)'@'[^']*' \(using password: NO\)/i)],
    fix: [run('kubectl set env deployment/{workload} --list{namespaceFlag|}')],
  },
  {
    id: 'database-password-wrong',
    step: 'running',
    title: both(
      'The database refuses the password of the user {about|}',
      '데이터베이스가 사용자 {about|}의 비밀번호를 거절합니다',
    ),
    why: both(
      'A database keeps the password it was first set up with: a changed Secret does not change it.',
      '데이터베이스는 처음 설정된 비밀번호를 유지합니다. Secret만 바꿔도 바뀌지 않습니다.',
    ),
    signs: [
      says(/Access denied for user '(?<about>[^']*)'@'[^']*' \(using password: YES\)/i),
      says(/password authentication failed for user "(?<about>[^"]+)"/i),
    ],
    fix: [ask("ALTER USER '{about}'@'%' IDENTIFIED BY 'NEW-PASSWORD'")],
  },
  {
    id: 'database-no-grant',
    step: 'running',
    title: both(
      'The user {about|} may not use the database {database|}',
      '사용자 {about|}에게 데이터베이스 {database|} 권한이 없습니다',
    ),
    why: both('The login worked; the grant is missing.', '로그인은 되었지만 권한이 없습니다.'),
    signs: [
      says(/Access denied for user '(?<about>[^']*)'@'[^']*' to database '(?<database>[^']*)'/i),
      says(/\w+ command denied to user '(?<about>[^']*)'/i),
    ],
    fix: [ask("GRANT ALL ON {database}.* TO '{about}'@'%'")],
  },
  {
    id: 'database-host-not-allowed',
    step: 'running',
    title: both(
      'The database lets nobody in from the address {about|}',
      '데이터베이스가 주소 {about|}의 접속을 허용하지 않습니다',
    ),
    why: both(
      'Users belong to a host; this one exists for localhost only.',
      '사용자가 localhost 전용으로 만들어졌습니다.',
    ),
    signs: [
      says(/Host '(?<about>[^']*)' is (?:not allowed to connect|blocked because of many connection errors)/i),
    ],
    fix: [ask('SELECT user, host FROM mysql.user')],
  },
  {
    id: 'database-missing',
    step: 'running',
    title: both('The database {about|} does not exist', '데이터베이스 {about|}이(가) 없습니다'),
    why: both(
      'MARIADB_DATABASE creates it on an empty volume only.',
      'MARIADB_DATABASE는 빈 볼륨에서만 동작합니다.',
    ),
    signs: [says(/Unknown database '(?<about>[^']+)'/i)],
    fix: [ask('CREATE DATABASE {about} CHARACTER SET utf8mb4')],
  },
  {
    id: 'database-table-missing',
    step: 'running',
    certainty: 'likely',
    title: both(
      'The table {about|} does not exist: the migration did not run',
      '테이블 {about|}이(가) 없습니다. 마이그레이션이 실행되지 않았습니다',
    ),
    why: both('The program is newer than the schema.', '프로그램이 스키마보다 새 버전입니다.'),
    signs: [says(/Table '(?<about>[^']+)' doesn't exist/i), says(/Unknown column '(?<about>[^']+)' in/i)],
    fix: [say('Run the migration, as a Job before the rollout.', '배포 전에 마이그레이션 Job을 실행하세요.')],
  },
  {
    id: 'database-too-many-connections',
    step: 'running',
    title: both('The database has no connection left', '데이터베이스 연결이 모두 사용 중입니다'),
    why: both(
      'Pool size × replicas is more than max_connections.',
      '풀 크기 × 복제본 수가 max_connections를 넘습니다.',
    ),
    signs: [
      says(/Too many connections|ER_CON_COUNT_ERROR|ER_TOO_MANY_USER_CONNECTIONS|max_user_connections/i),
    ],
    fix: [ask("SHOW VARIABLES LIKE 'max_connections'; SHOW PROCESSLIST")],
  },
  {
    id: 'database-unknown-collation',
    step: 'running',
    title: both(
      'The database does not know the collation {about|}',
      '데이터베이스가 콜레이션 {about|}을(를) 모릅니다',
    ),
    why: both(
      'A dump of MySQL 8 names collations that older MariaDB lacks.',
      'MySQL 8 덤프의 콜레이션이 이 MariaDB에 없습니다.',
    ),
    signs: [says(/Unknown collation: '(?<about>[^']+)'/i)],
    fix: [run("sed -i 's/{about}/utf8mb4_unicode_ci/g' dump.sql")],
  },
  {
    id: 'database-mixed-collations',
    step: 'running',
    title: both('Two columns of different collations are compared', '서로 다른 콜레이션의 열을 비교합니다'),
    why: both(
      'New tables got the new default collation, old ones kept theirs.',
      '새 테이블은 새 기본 콜레이션을 사용합니다.',
    ),
    signs: [says(/Illegal mix of collations/i)],
    fix: [ask('ALTER TABLE NAME CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci')],
  },
  {
    id: 'database-auth-plugin',
    step: 'running',
    title: both(
      'The client does not know the way this user logs in ({about|})',
      '클라이언트가 이 사용자의 인증 방식({about|})을 지원하지 않습니다',
    ),
    why: both(
      'The user was made for a plug-in that the driver lacks.',
      '드라이버에 없는 인증 플러그인입니다.',
    ),
    signs: [
      says(
        /(?:Authentication p|P)lugin '?(?<about>[\w.]+)'? (?:cannot be loaded|could not be loaded|is not supported|reported error)|AUTH_SWITCH_PLUGIN_ERROR|ER_NOT_SUPPORTED_AUTH_MODE|Server requests authentication using unknown plugin (?<plugin>\w+)/i,
      ),
    ],
    fix: [ask("ALTER USER 'USER'@'%' IDENTIFIED VIA mysql_native_password USING PASSWORD('…')")],
  },
  {
    id: 'database-no-tls',
    step: 'running',
    title: both(
      'The client wants TLS and the database has none',
      '클라이언트는 TLS를 요구하지만 데이터베이스에 TLS가 없습니다',
    ),
    why: both('One side has it switched on alone.', '한쪽만 TLS가 켜져 있습니다.'),
    signs: [
      says(
        /HANDSHAKE_NO_SSL_SUPPORT|ER_SERVER_SSL_DISABLED|ssl not enabled in the server|Server does not support secure connection|TLS\/SSL error: SSL is required, but the server does not support it/i,
      ),
    ],
    fix: [ask("SHOW VARIABLES LIKE 'have_ssl'")],
  },
  {
    id: 'database-packet-too-large',
    step: 'running',
    title: both('A statement is larger than the database takes', '문장이 데이터베이스 허용 크기보다 큽니다'),
    why: both('max_allowed_packet is 16 MiB by default.', 'max_allowed_packet 기본값은 16 MiB입니다.'),
    signs: [says(/ER_NET_PACKET_TOO_LARGE|Got a packet bigger than 'max_allowed_packet'/i)],
    fix: [ask('SET GLOBAL max_allowed_packet=67108864')],
  },
  {
    id: 'database-connection-lost',
    step: 'running',
    certainty: 'likely',
    title: both('The database closed the connection', '데이터베이스 연결이 끊어졌습니다'),
    why: both(
      'It was restarted, or the connection was idle longer than wait_timeout.',
      '재시작되었거나 wait_timeout을 넘겼습니다.',
    ),
    signs: [
      says(
        /PROTOCOL_CONNECTION_LOST|ER_SOCKET_UNEXPECTED_CLOSE|ER_CONNECTION_KILLED|Connection was killed|socket has unexpectedly been closed|when connection is in closed state|Cannot execute new commands|Lost connection to (?:MySQL )?server|MySQL server has gone away|Server has gone away/i,
      ),
    ],
    fix: [ask("SHOW VARIABLES LIKE 'wait_timeout'")],
  },
  {
    id: 'database-files-locked',
    step: 'running',
    title: both('Another server uses the database’s files', '다른 서버가 데이터베이스 파일을 사용 중입니다'),
    why: both('Two pods share one volume; InnoDB locks its files.', '두 파드가 한 볼륨을 공유합니다.'),
    signs: [says(/Unable to lock \.\/ibdata1|Can't lock aria control file/i)],
    fix: [
      say(
        'One replica a volume: a StatefulSet, or strategy: Recreate.',
        '볼륨당 복제본 하나: StatefulSet 또는 Recreate를 사용하세요.',
      ),
    ],
  },
  {
    id: 'database-root-password-unset',
    step: 'running',
    title: both(
      'The database’s image was given no root password',
      '데이터베이스 이미지에 root 비밀번호가 설정되지 않았습니다',
    ),
    why: both(
      'On an empty volume it refuses to start without one.',
      '빈 볼륨에서는 비밀번호 없이 시작하지 않습니다.',
    ),
    signs: [says(/Database is uninitialized and password option is not specified/i)],
    fix: [
      run('kubectl set env statefulset/{workload} --from=secret/mariadb --prefix=MARIADB_{namespaceFlag|}'),
    ],
  },
]);
