"""`git+ssh:`, `git+file:`: a branch, as GitHub Pages and others serve it. One push shows the whole site."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from sitegen.errors import Problem, SiteError, told
from sitegen.manifest import sha256
from sitegen.places import Place
from sitegen.publish.targets import Arrived, FleetingError, Held, LostRaceError, Sending
from sitegen.publish.targets.secrets import HOST_UNKNOWN, scrub

#: The branch that GitHub Pages looks for first.
_USUAL_BRANCH = "gh-pages"

#: Files that belong to the host: the first tells GitHub to serve what is there as it is, the second names
#: the domain of the site.
_NO_JEKYLL, _DOMAIN = ".nojekyll", "CNAME"

_NOBODY = "0" * 40
#: What git says when the branch was moved meanwhile; other refusals are the host's own.
_OVERTAKEN = ("[rejected]", "stale info", "cannot lock ref", "incorrect old value", "failed to update ref")
_DENIED = ("permission denied", "authentication failed", "access denied")
_UNREACHABLE = ("could not resolve", "connection refused", "timed out", "connection reset", "unreachable")


class GitBranch:
    """A branch of a repository. What is written waits in a repository of our own, `cache`, until `commit`."""

    at_once = True
    folds = False

    def __init__(self, place: Place, cache: Path, environ: Mapping[str, str]) -> None:
        user = f"{place.user}@" if place.user else ""
        port = f":{place.port}" if place.port else ""
        self._url = f"{place.scheme.removeprefix('git+')}://{user}{place.host}{port}{place.path}"
        self._ref = f"refs/heads/{place.branch or _USUAL_BRANCH}"
        self._cache, self._environ = cache, environ
        self._base: str | None = None  #: the commit that is shown now; "" without one, None before we asked
        ssh = "ssh -oBatchMode=yes"
        if environ.get("SSH_KEY"):
            ssh += f" -oIdentitiesOnly=yes -i '{environ['SSH_KEY']}'"
        if environ.get("SSH_KNOWN_HOSTS"):
            ssh += f" -oUserKnownHostsFile='{environ['SSH_KNOWN_HOSTS']}'"
        self._env = {
            "GIT_SSH_COMMAND": ssh,
            "GIT_AUTHOR_NAME": "sitegen",
            "GIT_AUTHOR_EMAIL": "sitegen@localhost",
            "GIT_COMMITTER_NAME": "sitegen",
            "GIT_COMMITTER_EMAIL": "sitegen@localhost",
            **environ,
            "GIT_DIR": str(cache),
            "GIT_INDEX_FILE": str(cache / "sitegen-index"),
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C",
        }
        self._env.pop("GIT_WORK_TREE", None)

    @property
    def beside(self) -> Collection[str]:
        """The domain stays if it is there; the other is always put there."""
        return (_NO_JEKYLL, _DOMAIN) if _DOMAIN in self._ids() else (_NO_JEKYLL,)

    def read(self, path: str) -> Held | None:
        self._fetched()
        done = self._run("cat-file", "blob", f":{path}", check=False)
        return Held(done.stdout, sha256(done.stdout)) if done.returncode == 0 else None

    def begin(self) -> None:
        self._fetched()

    def swap(self, path: str, data: bytes, version: str) -> str:
        held = self.read(path)
        if (held.version if held else "") != version:
            raise LostRaceError(path)
        self._add({path: self._run("hash-object", "-w", "--stdin", given=data).stdout.decode().strip()})
        return sha256(data)

    def put(self, files: Sequence[Sending], arrived: Arrived) -> None:
        listed = "".join(f"{file.source.absolute()}\n" for file in files).encode()
        made = self._run("hash-object", "-w", "--no-filters", "--stdin-paths", given=listed).stdout
        self._add(dict(zip((file.path for file in files), made.decode().split(), strict=True)))
        for file in files:
            arrived(file.path)

    def delete(self, paths: Sequence[str]) -> None:
        self._add(dict.fromkeys(paths, ""))

    def paths(self) -> Collection[str]:
        return self._ids().keys()

    def digests(self, paths: Collection[str]) -> Iterator[tuple[str, str]]:
        ids = self._ids()
        for path in paths:
            if path in ids:
                yield path, hashlib.sha256(self._run("cat-file", "blob", ids[path]).stdout).hexdigest()

    def faults(self, paths: Collection[str]) -> Mapping[str, str]:
        told_of = "git takes no name like this"
        return {path: told_of for path in paths if ".git" in (part.lower() for part in path.split("/"))}

    def commit(self) -> None:
        if _NO_JEKYLL not in self._ids():
            self._add(
                {_NO_JEKYLL: self._run("hash-object", "-w", "--stdin", given=b"").stdout.decode().strip()}
            )
        tree = self._run("write-tree").stdout.decode().strip()
        parents = ("-p", self._base) if self._base else ()
        made = self._run("commit-tree", tree, *parents, "-m", "Publish with sitegen").stdout.decode().strip()
        # Without a force, and only if nobody has pushed since we looked.
        lease = f"--force-with-lease={self._ref}:{self._base or ''}"
        done = self._run("push", "--quiet", lease, self._url, f"{made}:{self._ref}", check=False)
        if done.returncode != 0:
            said = done.stderr.decode(errors="replace")
            if any(word in said for word in _OVERTAKEN):
                self._base = None
                raise LostRaceError(self._ref)
            raise self._failed(said)
        self._base = made

    def close(self) -> None:
        pass

    def _fetched(self) -> None:
        """Fetch what the branch shows now, once."""
        if self._base is not None:
            return
        with told("the repository can not be kept"):
            self._cache.parent.mkdir(parents=True, exist_ok=True)
        if not (self._cache / "HEAD").is_file():
            self._run("init", "--quiet", "--bare", str(self._cache))
        shown = self._run("ls-remote", self._url, self._ref).stdout.decode().split()
        base = shown[0] if shown else ""
        if base:
            self._run("fetch", "--quiet", "--depth=1", "--no-tags", self._url, base)
        self._run("read-tree", base or "--empty")
        self._base = base

    def _ids(self) -> dict[str, str]:
        """Path -> git's own name for what it holds."""
        self._fetched()
        lines = self._run("ls-files", "-s", "-z").stdout.decode(errors="surrogateescape").split("\0")
        split = (line.partition("\t") for line in lines if line)
        return {path: facts.split()[1] for facts, _, path in split}

    def _add(self, ids: Mapping[str, str]) -> None:
        lines = (f"100644 {id_}\t{path}\0" if id_ else f"0 {_NOBODY}\t{path}\0" for path, id_ in ids.items())
        self._run("update-index", "-z", "--index-info", given="".join(lines).encode())

    def _run(self, *words: str, given: bytes = b"", check: bool = True) -> subprocess.CompletedProcess[bytes]:
        try:
            done = subprocess.run(
                ["git", *words], env=self._env, input=given, capture_output=True, check=False
            )
        except FileNotFoundError:
            message = "git is not installed, and publishing to a branch needs it"
            raise SiteError([Problem(message=message, hint="install git")]) from None
        if check and done.returncode != 0:
            raise self._failed(done.stderr.decode(errors="replace"))
        return done

    def _failed(self, said: str) -> Exception:
        lines = [line for line in said.strip().splitlines() if line.strip()] or ["git says no more"]
        reason = scrub(" ".join(lines[:3]), self._environ)
        if any(word in said.lower() for word in _UNREACHABLE):
            return FleetingError(f"{self._url} can not be reached: {reason}")
        hint = "see whether the address is right"
        if "[remote rejected]" in said:
            hint = "see who may push to this branch"
        elif "host key verification failed" in said.lower():
            hint = HOST_UNKNOWN
        elif any(word in said.lower() for word in _DENIED):
            hint = "set SSH_KEY to the file of a key that may write there, or add one to your ssh-agent"
        return SiteError([Problem(message=f"{self._url}: {reason}", hint=hint)])
