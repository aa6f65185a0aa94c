-- What files say by themselves, by their content and the last part of their paths. The body is NULL until the
-- file was read.
CREATE TABLE outline (
    repo_id BIGINT NOT NULL,
    blob    TEXT NOT NULL,
    name    TEXT NOT NULL,
    version BIGINT NOT NULL,    -- of what outlines say
    size    BIGINT NOT NULL,
    body    TEXT,
    PRIMARY KEY (repo_id, blob, name, version)
);
CREATE INDEX outline_wanted ON outline (repo_id, version) WHERE body IS NULL;
