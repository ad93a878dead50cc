"""The whole way: exports in, a result with every table out.

Each step is one function from table to table; this module only calls them in order, tags what is
not tagged yet and keeps the counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from commsense import privacy, store
from commsense.clients import Assessment, Grain, aggregate, assess
from commsense.conversations import find_conversations, interruption_labels
from commsense.errors import UsageError
from commsense.ingest import Ingested, ingest, merge
from commsense.memory import release_unused
from commsense.privacy import Pseudonyms
from commsense.profiles import ClientProfile, check_weights, load_profiles
from commsense.progress import Progress, silent
from commsense.schema import FORMAT_VERSION, LABELS, frame
from commsense.tagging import Tagger, load_tagger, tag_messages, taxonomy_of
from commsense.taxonomy import Taxonomy

Sources = str | Path | Iterable[str | Path] | pd.DataFrame
TagTable = Callable[[pd.DataFrame], pd.DataFrame]
"""Tags messages; the place where a cluster can stand in for this machine."""


@dataclass(frozen=True, slots=True)
class Result:
    """Everything an analysis found.

    Attributes
    ----------
    messages, labels, conversations, clients, rejected : pandas.DataFrame
        The tables of :mod:`commsense.schema`.
    manifest : dict
        Sources, model with its hash, taxonomy version and counts.
    profiles : tuple of ClientProfile
        What the user told about the clients.
    """

    messages: pd.DataFrame
    labels: pd.DataFrame
    conversations: pd.DataFrame
    clients: pd.DataFrame
    rejected: pd.DataFrame
    manifest: dict[str, Any]
    profiles: tuple[ClientProfile, ...] = field(default=())

    @property
    def taxonomy(self) -> Taxonomy:
        """The labels, with those that the user taught the model."""
        return taxonomy_of(self.manifest)

    def with_profiles(self, profiles: tuple[ClientProfile, ...]) -> Result:
        """Return the same tables judged by other names and weights of clients.

        Who belongs to which client stays as it was when the exports were read.

        Raises
        ------
        UsageError
            Where a weight is of a label that the taxonomy does not have.
        """
        check_weights(profiles, self.taxonomy)
        return replace(self, profiles=profiles)

    def assess(
        self,
        *,
        by: Grain = "month",
        since: date | None = None,
        until: date | None = None,
    ) -> list[Assessment]:
        """Assess every client, the most worrying first; see :func:`commsense.clients.assess`."""
        return assess(
            self.messages,
            self.labels,
            self.conversations,
            profiles=self.profiles,
            by=by,
            since=since,
            until=until,
            taxonomy=self.taxonomy,
        )


def read(
    sources: Sources,
    *,
    us: Sequence[str] = (),
    clients: str | Path | None = None,
    progress: Progress = silent,
) -> pd.DataFrame:
    """Read exports into the neutral message format.

    Parameters
    ----------
    sources : path, iterable of paths, or pandas.DataFrame
        Files, folders or archives of mail and calls, or messages in the neutral format.
    us : sequence of str
        Domains and addresses of the provider; guessed from who sends most where empty.
    clients : path, optional
        A clients file, see :mod:`commsense.profiles`.

    Returns
    -------
    pandas.DataFrame
        One row a message, columns of :data:`commsense.schema.MESSAGES`. What could not be read is
        in :attr:`commsense.ingest.Ingested.rejected`, see :func:`commsense.ingest.ingest`.

    Raises
    ------
    InputError
        Where a source does not exist or cannot be used at all.
    """
    profiles = load_profiles(clients) if clients else ()
    return ingest(_paths(sources), us=us, profiles=profiles, progress=progress).messages


def analyze(
    sources: Sources,
    *,
    us: Sequence[str] = (),
    clients: str | Path | None = None,
    model: str | Path = "default",
    out: str | Path | None = None,
    scheduler: str | None = None,
    pseudonymise: bool = False,
    key: str | Path | None = None,
    progress: Progress = silent,
) -> Result:
    """Do the main job: ingest, tag, find conversations, aggregate by client.

    Parameters
    ----------
    sources : path, iterable of paths, or pandas.DataFrame
        Files, folders or archives of mail and calls, or messages in the neutral format.
    us : sequence of str
        Domains and addresses of the provider; guessed from who sends most where empty.
    clients : path, optional
        A clients file, see :mod:`commsense.profiles`.
    model : str or path
        A shipped model's name or a model folder.
    out : path, optional
        Where the dataset is left. One that is there already is extended: messages known to it are
        neither stored nor tagged twice.
    scheduler : str, optional
        Address of a Dask scheduler whose workers do the tagging.
    pseudonymise : bool
        Put stable pseudonyms in place of names, addresses, telephone and account numbers, in
        everything that is returned and written.
    key : path, optional
        File with the secret from which pseudonyms are made; made where there is none. The user's
        own, see :func:`commsense.privacy.default_key_file`, where it is left out.
    progress : Progress
        Told how far the work is.

    Raises
    ------
    CommsenseError
        Where a source, the model, the clients file, the key or the dataset folder cannot be used.
    """
    tagger = load_tagger(model)
    profiles = load_profiles(clients) if clients else ()
    check_weights(profiles, taxonomy_of(tagger.config))
    if key is not None and not pseudonymise:
        raise UsageError("a key without pseudonyms", mend="add --pseudonymise, or leave it out")
    folder = None if out is None else Path(out)
    job = _Job(
        sources=_paths(sources),
        us=us,
        profiles=profiles,
        tagger=tagger,
        tag_table=_tag_table(tagger, model, scheduler, progress),
        pseudonyms=_pseudonyms(key, folder) if pseudonymise else None,
        progress=progress,
    )
    if folder is None:
        return job.result(None)
    with store.locked(folder):
        earlier = open_dataset(folder) if store.is_dataset(folder) else None
        result = job.result(earlier)
        if len(result.messages) or earlier is not None:
            _save(folder, result, progress)
    return result


def forget(
    folder: str | Path, person: str, *, key: str | Path | None = None, progress: Progress = silent
) -> Result:
    """Remove a person from a dataset, and keep later runs from bringing them back.

    Messages by the person go; in those of others their addresses and names are blacked out. What
    was said of conversations and clients is made anew of what is left.

    Parameters
    ----------
    folder : path
        The dataset.
    person : str
        Mail address, or the full name of a speaker of calls.
    key : path, optional
        The secret of a dataset with pseudonyms; the user's own where it is left out.
    progress : Progress
        Told how far the work is.

    Raises
    ------
    DatasetError
        Where the folder is no dataset, or cannot be written.
    UsageError
        Where the person is not in it.
    """
    folder = Path(folder)
    if not store.is_dataset(folder):
        return open_dataset(folder)  # raises, and says how a dataset is made
    with store.locked(folder):
        before = open_dataset(folder)
        if before.manifest.get("pseudonyms"):
            pseudonyms = _pseudonyms(key, folder)
            _check_key(before, pseudonyms)
            person = pseudonyms.party(person)
        after = _without_person(before, person)
        _save(folder, after, progress)
    return after


def _without_person(before: Result, person: str) -> Result:
    tokens = sorted({*before.manifest.get("forgotten", []), privacy.token(person)})
    rest = privacy.without(before.messages, tokens)
    if not len(rest.rejected):
        raise UsageError(
            f"no message by {person!r} is in the dataset",
            "a mail address, or the full name of a speaker",
            "look it up in the column author or author_name",
        )
    labels = before.labels[before.labels["message_id"].isin(set(rest.messages["id"]))]
    labels = labels.reset_index(drop=True)
    rejected = _stack(before.rejected, rest.rejected)
    conversations = find_conversations(rest.messages, labels)
    manifest = {
        **before.manifest,
        "forgotten": tokens,
        "counts": _counts(before.manifest["counts"]["found"], rest.messages, rejected),
        "content_hash": _content_hash(rest.messages["id"]),
    }
    clients = aggregate(rest.messages, labels, conversations, taxonomy=taxonomy_of(manifest))
    return Result(
        rest.messages, labels, conversations, clients, rejected, manifest, before.profiles
    )


def open_dataset(folder: str | Path) -> Result:
    """Load the dataset that :func:`analyze` left in a folder.

    Raises
    ------
    DatasetError
        Where the folder is no dataset.
    """
    tables, manifest = store.load(Path(folder))
    profiles = tuple(ClientProfile(**entry) for entry in manifest.get("profiles", []))
    return Result(**tables, manifest=manifest, profiles=profiles)


def _paths(sources: Sources) -> list[str] | pd.DataFrame:
    if isinstance(sources, pd.DataFrame):
        return sources
    paths = [sources] if isinstance(sources, str | Path) else list(sources)
    if not paths:
        raise UsageError("no source was given", "at least one file or folder", "name one")
    return [str(path) for path in paths]


def _save(folder: Path, result: Result, progress: Progress) -> None:
    progress("writing", 0, 1)
    tables = {name: getattr(result, name) for name in store.TABLES}
    store.save(folder, tables, result.manifest)
    progress("writing", 1, 1)


def _tag_table(
    tagger: Tagger, model: str | Path, scheduler: str | None, progress: Progress
) -> TagTable:
    if scheduler is None:
        return lambda messages: tag_messages(messages, tagger, progress=progress)
    from commsense.distributed import tag_on_cluster

    return lambda messages: tag_on_cluster(messages, model, scheduler, progress=progress)


def _pseudonyms(key: str | Path | None, folder: Path | None) -> Pseudonyms:
    path = privacy.default_key_file() if key is None else Path(key).expanduser()
    return Pseudonyms(privacy.load_or_make_key(path, dataset=folder))


def _check_key(earlier: Result, pseudonyms: Pseudonyms | None) -> None:
    """Refuse to mix pseudonyms of two keys, or pseudonyms with names.

    Raises
    ------
    UsageError
        Where the dataset was made with another key, with none, or with one where none is given.
    """
    made_with = earlier.manifest.get("pseudonyms")
    if made_with == (pseudonyms.fingerprint if pseudonyms else None):
        return
    if made_with and pseudonyms is None:
        raise UsageError("the dataset holds pseudonyms", mend="add --pseudonymise")
    got = "pseudonyms of another key" if made_with else "names, not pseudonyms"
    raise UsageError(
        f"the dataset holds {got}", "the --key it was made with", "choose it, or another --out"
    )


@dataclass(frozen=True, slots=True)
class _Job:
    """One run: what to read, who is who, and what tags."""

    sources: list[str] | pd.DataFrame
    us: Sequence[str]
    profiles: tuple[ClientProfile, ...]
    tagger: Tagger
    tag_table: TagTable
    pseudonyms: Pseudonyms | None
    progress: Progress

    def result(self, earlier: Result | None) -> Result:
        """Return what an earlier run found together with what is new."""
        if earlier is not None:
            _check_key(earlier, self.pseudonyms)
        fresh, us, profiles = self._ingested(earlier)
        release_unused()
        forgotten = earlier.manifest.get("forgotten", []) if earlier else []
        rest = privacy.without(fresh.messages, forgotten)
        messages, rejected = rest.messages, _stack(fresh.rejected, rest.rejected)
        if earlier is not None:
            rejected = _stack(earlier.rejected, rejected).drop_duplicates(ignore_index=True)
        tagged = _reusable_labels(earlier, self.tagger)
        todo = messages[~messages["id"].isin(set(tagged["message_id"]))]
        # Interruptions are read off the whole call, so they are found again each time.
        labels = _stack(_stack(tagged, self.tag_table(todo)), interruption_labels(messages))
        release_unused()
        self.progress("conversations", 0, 1)
        conversations = find_conversations(messages, labels)
        self.progress("conversations", 1, 1)
        release_unused()
        manifest = _manifest(fresh, earlier, messages, rejected, self.tagger) | {
            "us": list(us),
            "profiles": [asdict(profile) for profile in profiles],
            "pseudonyms": self.pseudonyms.fingerprint if self.pseudonyms else None,
            "forgotten": forgotten,
        }
        clients = aggregate(messages, labels, conversations, taxonomy=taxonomy_of(manifest))
        return Result(messages, labels, conversations, clients, rejected, manifest, profiles)

    def _ingested(
        self, earlier: Result | None
    ) -> tuple[Ingested, Sequence[str], tuple[ClientProfile, ...]]:
        """Read what is new below what is known; return with it who is who, as it is stored."""
        us = self.us or (earlier.manifest["us"] if earlier else ())
        profiles = self.profiles or (earlier.profiles if earlier else ())
        known = earlier.messages if earlier else None
        changed = self.pseudonyms is not None or bool(earlier and earlier.manifest.get("forgotten"))
        if not changed:
            fresh = ingest(
                self.sources, us=us, profiles=profiles, known=known, progress=self.progress
            )
            return fresh, us, profiles
        if earlier is not None and self.pseudonyms is not None:
            self._check_people_named(us, profiles)
        fresh = ingest(self.sources, us=us, profiles=profiles, progress=self.progress)
        if self.pseudonyms is not None:
            us = [self.pseudonyms.party(entry) if "@" in entry else entry for entry in us]
            profiles = privacy.pseudonymous_profiles(profiles, self.pseudonyms)
            fresh = _hidden(fresh, self.pseudonyms)
        return _below(known, fresh, us, profiles), us, profiles

    def _check_people_named(self, us: Sequence[str], profiles: tuple[ClientProfile, ...]) -> None:
        """Refuse to look for people of whom only pseudonyms were kept.

        Raises
        ------
        UsageError
            Where the first run was told addresses or speakers and this one is not.
        """
        if not self.us and any("@" in entry for entry in us):
            raise UsageError("the dataset keeps no addresses of yours", mend="name them: --us")
        if not self.profiles and any(one.addresses or one.speakers for one in profiles):
            raise UsageError(
                "the dataset keeps no addresses of clients", mend="name the file: --clients"
            )


def _hidden(fresh: Ingested, pseudonyms: Pseudonyms) -> Ingested:
    """Put pseudonyms in place of whoever is in some exports."""
    return replace(
        fresh,
        messages=privacy.pseudonymise(fresh.messages, pseudonyms),
        rejected=privacy.pseudonymous_rejected(fresh.rejected, pseudonyms),
        sources=[privacy.pseudonymous_source(name, pseudonyms) for name in fresh.sources],
    )


def _below(
    known: pd.DataFrame | None,
    fresh: Ingested,
    us: Sequence[str],
    profiles: tuple[ClientProfile, ...],
) -> Ingested:
    """Put new messages below known ones whose texts were changed: only the ids can be compared."""
    new = fresh.messages
    if known is not None:
        new = new[~new["id"].isin(set(known["id"]))]
    messages = merge(known, new, us=us, profiles=profiles)
    kept = len(messages) - (0 if known is None else len(known))
    again = len(fresh.messages) - kept
    return replace(fresh, messages=messages, duplicates=fresh.duplicates + again)


def _stack(above: pd.DataFrame, below: pd.DataFrame) -> pd.DataFrame:
    parts = [part for part in (above, below) if len(part)]
    if not parts:
        return above
    return (
        pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0].reset_index(drop=True)
    )


def _reusable_labels(earlier: Result | None, tagger: Tagger) -> pd.DataFrame:
    """Return the earlier labels where the same model wrote them; another model tags anew."""
    if earlier is None or earlier.manifest["model"]["hash"] != tagger.config["hash"]:
        return frame(LABELS, [])
    return earlier.labels[earlier.labels["label"] != "interruption"]


def _manifest(
    fresh: Ingested,
    earlier: Result | None,
    messages: pd.DataFrame,
    rejected: pd.DataFrame,
    tagger: Tagger,
) -> dict[str, Any]:
    """Describe the dataset; what an earlier run had found already counts as duplicate."""
    past: Mapping[str, Any] = (
        earlier.manifest if earlier else {"sources": [], "counts": {"found": 0}}
    )
    return {
        "format_version": FORMAT_VERSION,
        "taxonomy_version": taxonomy_of(tagger.config).version,
        "own_labels": tagger.config.get("own_labels", []),
        "sources": sorted({*past["sources"], *fresh.sources}),
        "model": {"name": tagger.config["name"], "hash": tagger.config["hash"]},
        "counts": _counts(past["counts"]["found"] + fresh.found, messages, rejected),
        "content_hash": _content_hash(messages["id"]),
    }


def _counts(found: int, messages: pd.DataFrame, rejected: pd.DataFrame) -> dict[str, int]:
    return {
        "found": found,
        "messages": len(messages),
        "duplicates": found - len(messages) - len(rejected),
        "rejected": len(rejected),
    }


def _content_hash(ids: pd.Series[str]) -> str:
    return hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest()
