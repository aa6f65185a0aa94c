-- When the open pull requests of a repository were last compared with what was decided.
CREATE TABLE swept (
    repo_id BIGINT PRIMARY KEY,
    at      BIGINT NOT NULL
);
