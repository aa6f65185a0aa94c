-- What the newest event said that cannot be asked for later: the head of a pull request, the branch of a
-- merge group.
ALTER TABLE lane ADD COLUMN head TEXT NOT NULL DEFAULT '';
ALTER TABLE lane ADD COLUMN branch TEXT NOT NULL DEFAULT '';
CREATE INDEX lane_installation ON lane (installation, repo_id);
CREATE INDEX team_id ON team (id);
