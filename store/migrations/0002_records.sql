-- Every head that a pull request was decided at; the row with the highest revision is the present one.
CREATE TABLE decision (
    repo_id  BIGINT NOT NULL,
    key      TEXT NOT NULL,
    head     TEXT NOT NULL,
    revision BIGINT NOT NULL,
    open     BOOLEAN NOT NULL,
    body     TEXT NOT NULL,
    updated  BIGINT NOT NULL,
    PRIMARY KEY (repo_id, key, head),
    UNIQUE (repo_id, key, revision)
);
CREATE INDEX decision_head ON decision (repo_id, head);

CREATE TABLE published (
    repo_id     BIGINT NOT NULL,
    head        TEXT NOT NULL,
    run_id      BIGINT NOT NULL,
    external_id TEXT NOT NULL,
    content     TEXT NOT NULL,
    annotations TEXT NOT NULL,
    posted      BIGINT NOT NULL,
    PRIMARY KEY (repo_id, head)
);

CREATE TABLE intent (
    id      INTEGER PRIMARY KEY,
    repo_id BIGINT NOT NULL,
    target  TEXT NOT NULL,
    kind    TEXT NOT NULL,
    team    TEXT NOT NULL,
    delta   TEXT NOT NULL,
    result  TEXT,
    UNIQUE (repo_id, target, kind, team, delta)
);
