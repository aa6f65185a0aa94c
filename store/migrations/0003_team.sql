-- The team that a name in the policy of a branch stands for. A name keeps its team, however the teams are
-- called later.
CREATE TABLE team (
    repo_id BIGINT NOT NULL,
    branch  TEXT NOT NULL,
    name    TEXT NOT NULL,      -- in lower case
    org     BIGINT NOT NULL,
    id      BIGINT NOT NULL,
    slug    TEXT NOT NULL,
    policy  TEXT NOT NULL,      -- identifies the policy for which the team was last looked up
    seen    BIGINT NOT NULL,    -- when that was
    PRIMARY KEY (repo_id, branch, name)
);
