-- Messages, newest first. Search is LIKE: InnoDB's full-text index has no parser for Korean (n-gram) in MariaDB,
-- and a small board's table is scanned in milliseconds.
CREATE TABLE messages (
  id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  author_id  BIGINT UNSIGNED NOT NULL,
  title      VARCHAR(120)    NOT NULL,
  body       VARCHAR(4000)   NOT NULL,
  created_at DATETIME(3)     NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  updated_at DATETIME(3)     NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  KEY messages_author_id (author_id),
  CONSTRAINT messages_author FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
