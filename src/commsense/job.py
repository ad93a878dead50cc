"""One run of the main job: read what is new, judge it part by part, hand the tables on.

The whole is never in memory: messages wait in files, parts are judged one a core, and what was
found goes to a sink, such as a dataset that is being written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from commsense import privacy, store
from commsense.clients import COUNTS, rates
from commsense.errors import UsageError
from commsense.ingest.collecting import Stream, ingest, merged, stream
from commsense.ingest.spool import TableFile
from commsense.judging import Judged, Known, judge, judge_by
from commsense.memory import release_unused
from commsense.office import OfficeHours, stored_hours
from commsense.parts import Parts, deal
from commsense.privacy import Pseudonyms
from commsense.profiles import ClientProfile, hours_of
from commsense.progress import Progress
from commsense.schema import CLIENTS, FORMAT_VERSION, REJECTED, frame, to_arrow
from commsense.tagging import loaded_tagger, taxonomy_of
from commsense.tagging.cores import workers_for
from commsense.workers import Processes, Workers

_INTERRUPTION = "interruption"
_HASHED_AT_ONCE = 100_000  # ids


class Sink(Protocol):
    """Where the tables go, some rows at a time."""

    def add(self, name: str, part: pa.Table) -> None:
        """Take in rows of a table of :data:`commsense.store.TABLES`."""
        ...


@dataclass(frozen=True, slots=True)
class Accounts:
    """What a run has to answer for.

    Attributes
    ----------
    manifest : dict
        Sources, model with its hash, taxonomy version and counts.
    rejected : pandas.DataFrame
        Columns of :data:`commsense.schema.REJECTED`.
    """

    manifest: dict[str, Any]
    rejected: pd.DataFrame

    @property
    def messages(self) -> int:
        """How many messages there are."""
        return int(self.manifest["counts"]["messages"])


@dataclass(frozen=True, slots=True)
class _Fresh:
    """What was read, below what was known, and who is who as it is stored."""

    messages: Stream
    found: int
    rejected: pd.DataFrame
    sources: list[str]
    us: Sequence[str]
    profiles: tuple[ClientProfile, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """What to read, who is who, and what tags.

    Attributes
    ----------
    sources : list of str, or DataFrame
        Exports, or messages in the neutral format.
    us : sequence of str
        Domains and addresses of the provider; those of the earlier run where empty.
    profiles : tuple of ClientProfile
        What the user told of clients; those of the earlier run where empty.
    office : OfficeHours or None
        Office hours of clients that have none of their own; those of the earlier run where None.
    model : str
        Name or folder by which every process loads what tags.
    config : dict
        What that model's ``config.json`` says.
    tags_anew : bool
        Whether it may replace the labels that another model gave.
    scheduler : str or None
        Address of the Dask scheduler whose workers do the work; None for this machine's cores.
    pseudonyms : Pseudonyms or None
    progress : Progress
    """

    sources: list[str] | pd.DataFrame
    us: Sequence[str]
    profiles: tuple[ClientProfile, ...]
    office: OfficeHours | None
    model: str
    config: dict[str, Any]
    tags_anew: bool
    scheduler: str | None
    pseudonyms: Pseudonyms | None
    progress: Progress

    def run(self, sink: Sink, earlier: store.Dataset | None) -> Accounts:
        """Hand what an earlier run found, together with what is new, to a sink.

        Parameters
        ----------
        sink : Sink
        earlier : Dataset or None
            The dataset that is extended.

        Raises
        ------
        UsageError
            Where the earlier dataset holds other pseudonyms or another model's labels, or the
            scheduler does not answer.
        """
        if earlier is not None:
            check_key(earlier.manifest, self.pseudonyms)
            self._check_model(earlier.manifest["model"])
        with self._workers() as workers:
            with self._fresh(earlier, workers) as fresh:
                rejected = _all_rejected(earlier, fresh.rejected)
                manifest = self._manifest(fresh, earlier, len(rejected))
                labels = self._known_labels(earlier)
                with Parts(deal(fresh.messages.joined), fresh.messages.joined["id"]) as parts:
                    parts.add_messages(fresh.messages.tables())
                    if labels is not None:
                        parts.add_labels(labels)
                    release_unused()
                    known = Known(
                        fresh.messages.authors, office_of(manifest), hours_of(fresh.profiles)
                    )
                    self._judge(parts, known, sink, workers)
            sink.add("rejected", to_arrow(REJECTED, rejected))
        return Accounts(manifest, rejected)

    def _workers(self) -> AbstractContextManager[Workers]:
        if self.scheduler is None:
            return nullcontext(Processes())
        from commsense.distributed import connected

        return connected(self.scheduler)

    def _judge(self, parts: Parts, known: Known, sink: Sink, workers: Workers) -> None:
        with TableFile(COUNTS) as counts:
            done = 0
            # A part is read once more to be stored, so that others judge while this is done.
            for part, judged in zip(parts, self._judged(parts, known, workers), strict=True):
                sink.add("messages", part.messages)
                sink.add("labels", judged.labels)
                sink.add("conversations", judged.conversations)
                counts.add(judged.counts)
                done += judged.messages
                self.progress("tagging", done, parts.messages)
            self.progress("writing", 0, 1)
            release_unused()
            for rated in rates(counts.tables):
                sink.add("clients", to_arrow(CLIENTS, rated))

    def _judged(self, parts: Parts, known: Known, workers: Workers) -> Iterator[Judged]:
        if len(parts) <= 1 and self.scheduler is None:
            for part in parts:
                yield judge(part, loaded_tagger(self.model), known, self.progress)
            return
        if self.scheduler is None:
            workers = workers_for(loaded_tagger(self.model))
        work = partial(judge_by, model=self.model, known=known)
        yield from workers.map(work, parts, alone=1)

    def _check_model(self, earlier: Mapping[str, str]) -> None:
        """Refuse to change what a dataset says of its past without being asked.

        Raises
        ------
        UsageError
            Where another model tagged it and none was named.
        """
        config = self.config
        if self.tags_anew or earlier["hash"] == config["hash"]:
            return
        raise UsageError(
            f"the dataset was tagged by another model, {earlier['name']} ({earlier['hash'][:12]})",
            f"the same as now, {config['name']} ({config['hash'][:12]})",
            f"tag all of it anew with --model {config['name']}, or name its own",
        )

    def _known_labels(self, earlier: store.Dataset | None) -> Iterator[pa.Table] | None:
        """Return the earlier labels where the same model wrote them; a named one tags anew."""
        if earlier is None or earlier.manifest["model"]["hash"] != self.config["hash"]:
            return None
        return (
            table.filter(pc.not_equal(table["label"], _INTERRUPTION))
            for table in earlier.parts("labels")
        )

    @contextmanager
    def _fresh(self, earlier: store.Dataset | None, workers: Workers) -> Iterator[_Fresh]:
        """Read what is new below what is known."""
        past = earlier.manifest if earlier else {}
        us = self.us or past.get("us", ())
        profiles = self.profiles or profiles_of(past)
        forgotten = past.get("forgotten", [])
        if self.pseudonyms is not None or forgotten:
            self._check_people_named(us, profiles)
            with self._changed(earlier, us, profiles, forgotten, workers) as fresh:
                yield fresh
            return
        known = earlier.parts("messages") if earlier else ()
        with stream(
            self.sources,
            us=us,
            profiles=profiles,
            known=known,
            progress=self.progress,
            workers=workers,
        ) as read:
            rejected = frame(REJECTED, read.rejected)
            yield _Fresh(read, read.found, rejected, self._names(), us, profiles)

    @contextmanager
    def _changed(
        self,
        earlier: store.Dataset | None,
        us: Sequence[str],
        profiles: tuple[ClientProfile, ...],
        forgotten: Collection[str],
        workers: Workers,
    ) -> Iterator[_Fresh]:
        """Read messages whose texts are changed before they are stored; all are in memory."""
        whole = ingest(
            self.sources, us=us, profiles=profiles, progress=self.progress, workers=workers
        )
        messages, rejected, sources = whole.messages, whole.rejected, self._names()
        if self.pseudonyms is not None:
            us = [self.pseudonyms.party(entry) if "@" in entry else entry for entry in us]
            profiles = privacy.pseudonymous_profiles(profiles, self.pseudonyms)
            messages = privacy.pseudonymise(messages, self.pseudonyms)
            rejected = privacy.pseudonymous_rejected(rejected, self.pseudonyms)
            sources = [privacy.pseudonymous_source(one, self.pseudonyms) for one in sources]
        rest = privacy.without(messages, forgotten)
        known = list(earlier.parts("messages")) if earlier else []
        # Of texts that were changed only the ids can be compared.
        ids = {one for table in known for one in table["id"].to_pylist()}
        new = rest.messages[~rest.messages["id"].isin(ids)]
        with merged(known, new, us=us, profiles=profiles) as read:
            told = stack(rejected, rest.rejected)
            yield _Fresh(read, whole.found, told, sources, us, profiles)

    def _names(self) -> list[str]:
        return [] if isinstance(self.sources, pd.DataFrame) else list(self.sources)

    def _check_people_named(self, us: Sequence[str], profiles: tuple[ClientProfile, ...]) -> None:
        """Refuse to look for people of whom only pseudonyms were kept.

        Raises
        ------
        UsageError
            Where the first run was told addresses or speakers and this one is not.
        """
        if self.pseudonyms is None:
            return
        if not self.us and any("@" in entry for entry in us):
            raise UsageError("the dataset keeps no addresses of yours", mend="name them: --us")
        if not self.profiles and any(one.addresses or one.speakers for one in profiles):
            raise UsageError(
                "the dataset keeps no addresses of clients", mend="name the file: --clients"
            )

    def _manifest(
        self, fresh: _Fresh, earlier: store.Dataset | None, rejected: int
    ) -> dict[str, Any]:
        """Describe the dataset; what an earlier run had found already counts as duplicate."""
        past: dict[str, Any] = (
            earlier.manifest if earlier else {"sources": [], "counts": {"found": 0}}
        )
        config = self.config
        ids = fresh.messages.joined["id"]
        return {
            "format_version": FORMAT_VERSION,
            "taxonomy_version": taxonomy_of(config).version,
            "own_labels": config.get("own_labels", []),
            "sources": sorted({*past["sources"], *fresh.sources}),
            "model": {"name": config["name"], "hash": config["hash"]},
            "counts": balance(past["counts"]["found"] + fresh.found, len(ids), rejected),
            "content_hash": content_hash(ids),
            "us": list(fresh.us),
            "profiles": [asdict(profile) for profile in fresh.profiles],
            "office_hours": asdict(self.office) if self.office else past.get("office_hours"),
            "pseudonyms": self.pseudonyms.fingerprint if self.pseudonyms else None,
            "forgotten": past.get("forgotten", []),
        }


def pseudonyms_of(key: str | Path | None, folder: Path | None) -> Pseudonyms:
    """Return the pseudonyms that a key makes; the user's own key where none is named.

    Parameters
    ----------
    key : path, optional
    folder : Path, optional
        The dataset, inside which no key may lie.
    """
    path = privacy.default_key_file() if key is None else Path(key).expanduser()
    return Pseudonyms(privacy.load_or_make_key(path, dataset=folder))


def profiles_of(manifest: dict[str, Any]) -> tuple[ClientProfile, ...]:
    """Return what a manifest tells of clients."""
    return tuple(ClientProfile.stored(entry) for entry in manifest.get("profiles", []))


def office_of(manifest: Mapping[str, Any]) -> OfficeHours:
    """Return the office hours that a manifest tells of clients that have none of their own."""
    told = manifest.get("office_hours")
    return stored_hours(told) if told else OfficeHours()


def check_key(manifest: dict[str, Any], pseudonyms: Pseudonyms | None) -> None:
    """Refuse to mix pseudonyms of two keys, or pseudonyms with names.

    Raises
    ------
    UsageError
        Where the dataset was made with another key, with none, or with one where none is given.
    """
    made_with = manifest.get("pseudonyms")
    if made_with == (pseudonyms.fingerprint if pseudonyms else None):
        return
    if made_with and pseudonyms is None:
        raise UsageError("the dataset holds pseudonyms", mend="add --pseudonymise")
    got = "pseudonyms of another key" if made_with else "names, not pseudonyms"
    raise UsageError(
        f"the dataset holds {got}", "the --key it was made with", "choose it, or another --out"
    )


def _all_rejected(earlier: store.Dataset | None, fresh: pd.DataFrame) -> pd.DataFrame:
    if earlier is None:
        return fresh
    return stack(earlier.frame("rejected"), fresh).drop_duplicates(ignore_index=True)


def stack(above: pd.DataFrame, below: pd.DataFrame) -> pd.DataFrame:
    """Return two tables as one; an empty one says nothing of the columns' types."""
    parts = [part for part in (above, below) if len(part)]
    if not parts:
        return above
    return pd.concat(parts, ignore_index=True)


def balance(found: int, messages: int, rejected: int) -> dict[str, int]:
    """Return the accounts of a dataset: found = messages + duplicates + rejected."""
    return {
        "found": found,
        "messages": messages,
        "duplicates": found - messages - rejected,
        "rejected": rejected,
    }


def content_hash(ids: pa.ChunkedArray) -> str:
    """Return a hash of the messages that a dataset holds, whatever their order."""
    ordered = ids.take(pc.sort_indices(ids))
    whole = hashlib.sha256()
    for start in range(0, len(ordered), _HASHED_AT_ONCE):
        lines = ordered.slice(start, _HASHED_AT_ONCE).to_pylist()
        whole.update(("\n" * bool(start) + "\n".join(lines)).encode())
    return whole.hexdigest()
