/* Search and filters of the policy dictionary. The list is complete without this file. */
"use strict";
(() => {
  const data = window.yunnaoPolicies;
  const form = document.getElementById("finder");
  const list = document.getElementById("policies");
  if (!data || !form || !list) return;

  const fold = (text) => text.normalize("NFKC").toLowerCase();
  const cards = data.policies.map((policy, place) => ({
    ...policy, text: fold(policy.text), element: document.getElementById(`p-${place}`),
  }));
  const fields = [...form.querySelectorAll("input, select")];
  const choices = fields.filter((field) => field.tagName === "SELECT");
  const query = document.getElementById("query");
  const day = document.getElementById("day");
  const hits = document.getElementById("hits");

  const pairs = (word) => [...word].slice(1).map((sign, place) => [...word][place] + sign);
  const resembles = (text, word) => {
    const parts = pairs(word);
    return parts.length > 1 && parts.filter((part) => text.includes(part)).length >= 0.5 * parts.length;
  };

  function show() {
    const words = fold(query.value).split(/[\s,，、;；]+/).filter(Boolean);
    const allowed = cards.filter((card) =>
      choices.every((field) => !field.value || card[field.id] === field.value) &&
      (!day.value || (card.from <= day.value && (!card.to || day.value <= card.to))));
    let found = allowed.filter((card) => words.every((word) => card.text.includes(word)));
    let sentence = found.length === cards.length ? data.words.hits_all : data.words.hits;
    if (!found.length && words.length) {
      found = allowed.filter((card) => words.every((word) => card.text.includes(word) || resembles(card.text, word)));
      sentence = data.words.hits_near;
    }
    if (!found.length) sentence = data.words.hits_none;
    const shown = new Set(found);
    for (const card of cards) card.element.hidden = !shown.has(card);
    hits.textContent = sentence.replace("{n}", String(found.length));
  }

  function remember() {
    const state = new URLSearchParams(fields.filter((field) => field.value).map((field) => [field.id, field.value]));
    try {
      history.replaceState(null, "", "#" + state.toString());
    } catch {
      /* a browser that forbids this on file pages only forgets the search */
    }
  }

  function recall() {
    const state = new URLSearchParams(location.hash.slice(1));
    for (const field of fields) {
      const value = state.get(field.id);
      if (value !== null) field.value = value;
    }
    const filtered = choices.some((field) => field.value) || day.value;
    document.getElementById("filters").open = Boolean(filtered) || matchMedia("(min-width: 64rem)").matches;
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => { show(); remember(); });
  form.addEventListener("reset", () => setTimeout(() => { show(); remember(); query.focus(); }));
  recall();
  form.hidden = false;
  show();
})();
