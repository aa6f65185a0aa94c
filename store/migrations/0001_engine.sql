-- Times are milliseconds since 1970, 0 for none.

CREATE TABLE delivery (
    guid     TEXT PRIMARY KEY,
    event    TEXT NOT NULL,
    body     BLOB,
    received BIGINT NOT NULL
);
CREATE INDEX delivery_received ON delivery (received);

-- A lane is dirty while its generation is above both done and dead.
CREATE TABLE lane (
    id           INTEGER PRIMARY KEY,
    installation BIGINT NOT NULL,
    repo_id      BIGINT NOT NULL,
    owner        TEXT NOT NULL,
    name         TEXT NOT NULL,
    key          TEXT NOT NULL,
    generation   BIGINT NOT NULL,              -- raised by every cause
    done         BIGINT NOT NULL DEFAULT 0,    -- the newest generation that was completed
    dead         BIGINT NOT NULL DEFAULT 0,    -- the newest generation that was given up
    rerun        BIGINT NOT NULL DEFAULT 0,    -- the newest generation that somebody asked to run again
    epoch        BIGINT NOT NULL DEFAULT 0,    -- raised by every worker that starts on the lane
    attempts     BIGINT NOT NULL DEFAULT 0,    -- of the newest generation, the running one included
    snoozed      BIGINT NOT NULL DEFAULT 0,    -- since when the newest generation is put off
    error        TEXT NOT NULL DEFAULT '',     -- of the last attempt of the newest generation
    job          BIGINT NOT NULL DEFAULT 0,    -- the row of river_job that wakes the lane
    UNIQUE (repo_id, key)
);
CREATE INDEX lane_dirty ON lane (id) WHERE generation > done AND generation > dead;
