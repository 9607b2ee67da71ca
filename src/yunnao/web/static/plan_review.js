"use strict";
(() => {
  const find = (id) => document.getElementById(id);
  const data = JSON.parse(find("data").textContent);
  const NUMBERS = ["value", "value_high", "aspirational"];
  const NAMES = ["indicator", "value", "value_high", "unit", "comparator", "kind", "direction", "period", "status", "estimate", "aspirational", "area"];
  const STATUS = { outcome: "完成", target: "目标", description: "说明" };
  const KIND = { level: "水平", growth_yoy: "增速", rate_change: "变动", share: "占比", increment: "新增", cumulative: "累计", rank: "位次" };
  const AROUND = 20;
  const rows = data.rows.map((row) => ({ ...row, now: { ...row.fields }, removed: false, added: false }));
  const lines = [...document.querySelectorAll(".line")];
  let chosen = null;
  let saved = true;

  const button = (index) => document.querySelector(`button.row[data-row="${index}"]`);
  const shown = () => [...document.querySelectorAll("button.row:not(.aside)")].filter((each) => each.checkVisibility());
  const narrow = window.matchMedia("(max-width: 60rem)");

  function say(element, chinese, english) {
    element.replaceChildren();
    for (const [language, words] of [["zh", chinese], ["en", english]]) {
      const span = document.createElement("span");
      span.className = language;
      if (language === "en") span.lang = "en";
      span.textContent = words;
      element.append(span);
    }
  }

  /* tabs */
  const tabs = [...document.querySelectorAll(".tabs button")];
  function open(id, toggle = false) {
    for (const tab of tabs) {
      const mine = tab.getAttribute("aria-controls") === id;
      const is = mine && !(toggle && narrow.matches && tab.getAttribute("aria-expanded") === "true");
      tab.setAttribute("aria-expanded", String(is));
      find(tab.getAttribute("aria-controls")).hidden = !is;
    }
  }
  for (const tab of tabs) tab.addEventListener("click", () => open(tab.getAttribute("aria-controls"), true));
  if (narrow.matches) for (const tab of tabs) { tab.setAttribute("aria-expanded", "false"); find(tab.getAttribute("aria-controls")).hidden = true; }

  /* one row */
  function choose(index, scroll) {
    if (chosen !== null) button(chosen)?.removeAttribute("aria-current");
    chosen = index;
    const row = rows[index];
    const mark = button(index);
    mark.setAttribute("aria-current", "true");
    if (scroll) mark.scrollIntoView({ block: narrow.matches ? "start" : "center" });
    find("none").hidden = true;
    find("row").hidden = false;
    find("quote").textContent = row.quote;
    const place = [row.section, row.base].filter(Boolean).join(" · ");
    const sure = row.confidence === null ? ["手工加的", "added by hand"] : [`把握 ${row.confidence}`, `confidence ${row.confidence}`];
    say(find("where"), `第 ${row.line} 行 · ${place} · ${sure[0]}`, `Line ${row.line} · ${place} · ${sure[1]}`);
    for (const name of NAMES) {
      const input = find(name);
      input.removeAttribute("aria-invalid");
      if (name === "estimate") input.checked = row.now.estimate;
      else input.value = row.now[name] ?? "";
    }
    find("problem").hidden = true;
    find("remove").setAttribute("aria-pressed", String(row.removed));
    open("tab-row");
  }

  function wrong(values) {
    for (const name of NUMBERS) {
      const needed = name === "value";
      if (values[name] === null ? needed : !/^\d+(\.\d+)?$/.test(values[name])) return [name, "请写成数字，如 42.5", "Write a number, such as 42.5"];
    }
    if (!/^(\d{4}|\d{4}-\d{4}|other)$/.test(values.period)) return ["period", "时期写成 2022、2021-2025 或 other", "Write 2022, 2021-2025 or other"];
    if (!values.indicator) return ["indicator", "请写指标名称", "Name the indicator"];
    return null;
  }

  find("row").addEventListener("submit", (event) => {
    event.preventDefault();
    const values = {};
    for (const name of NAMES) {
      const written = name === "estimate" ? find(name).checked : find(name).value.trim();
      values[name] = NUMBERS.includes(name) && written === "" ? null : written;
      find(name).removeAttribute("aria-invalid");
    }
    const bad = wrong(values);
    find("problem").hidden = !bad;
    if (bad) {
      say(find("problem"), bad[1], bad[2]);
      find(bad[0]).setAttribute("aria-invalid", "true");
      find(bad[0]).focus();
      return;
    }
    rows[chosen].now = values;
    touched(chosen);
  });

  find("remove").addEventListener("click", () => {
    rows[chosen].removed = !rows[chosen].removed;
    find("remove").setAttribute("aria-pressed", String(rows[chosen].removed));
    touched(chosen);
  });

  const changes = (row) => NAMES.filter((name) => (row.now[name] ?? null) !== (row.fields[name] ?? null));

  function touched(index) {
    const row = rows[index];
    const mark = button(index);
    mark.classList.remove(...Object.keys(STATUS));
    mark.classList.add(row.now.status);
    mark.dataset.word = `${STATUS[row.now.status]}·${KIND[row.now.kind]}`;
    mark.classList.toggle("changed", row.added || changes(row).length > 0);
    mark.classList.toggle("removed", row.removed);
    mark.setAttribute("aria-label", `${row.now.indicator} ${row.now.value}${row.now.unit} ${mark.dataset.word} ${row.removed ? "已删" : "已改"}`);
    count();
    saved = false;
    say(find("said"), "改动还没有保存成文件。", "The corrections are not saved to a file yet.");
  }

  /* walking and filtering */
  function walk(step) {
    const marks = shown();
    if (!marks.length) return;
    const at = marks.findIndex((mark) => Number(mark.dataset.row) === chosen);
    const next = at < 0 ? (step > 0 ? 0 : marks.length - 1) : (at + step + marks.length) % marks.length;
    choose(Number(marks[next].dataset.row), true);
  }
  find("before").addEventListener("click", () => walk(-1));
  find("next").addEventListener("click", () => walk(1));

  function filter() {
    const [section, status, kind, below] = ["section", "status", "kind", "confidence"].map((name) => find(`by-${name}`).value);
    let number = 0;
    rows.forEach((row, index) => {
      const fits = (!section || row.section === section || row.section.startsWith(`${section} > `))
        && (!status || row.now.status === status) && (!kind || row.now.kind === kind) && (!below || (row.confidence ?? 1) < Number(below));
      button(index)?.classList.toggle("aside", !fits);
      number += fits;
    });
    const any = status || kind || below;
    for (const line of lines) {
      const inside = !section || line.dataset.section === section || line.dataset.section.startsWith(`${section} > `);
      line.hidden = !inside || Boolean(any && !line.querySelector("button.row:not(.aside)"));
    }
    find("shown").textContent = String(number);
  }
  for (const name of ["section", "status", "kind", "confidence"]) find(`by-${name}`).addEventListener("change", filter);

  function reveal(line) {
    if (line.hidden) {
      for (const name of ["section", "status", "kind", "confidence"]) find(`by-${name}`).value = "";
      filter();
    }
  }

  document.addEventListener("click", (event) => {
    const mark = event.target.closest("button.row");
    if (mark && window.getSelection().isCollapsed) choose(Number(mark.dataset.row), false);
    const go = event.target.closest("button.go");
    if (go?.dataset.go) {
      reveal(button(go.dataset.go).closest(".line"));
      choose(Number(go.dataset.go), true);
      button(go.dataset.go).focus({ preventScroll: true });
    } else if (go) {
      const line = lines.find((each) => each.dataset.number === go.dataset.line);
      reveal(line);
      (line.querySelector(`.defect.${go.dataset.kind}`) ?? line).scrollIntoView({ block: narrow.matches ? "start" : "center" });
    }
  });

  /* adding a row: the numeral becomes a mark like the others */
  function places(words, quote, numeral) {
    const found = [];
    let seen = -1;
    for (let at = words.indexOf(quote); at >= 0; at = words.indexOf(quote, at + 1)) {
      for (let within = quote.indexOf(numeral); within >= 0; within = quote.indexOf(numeral, within + 1)) {
        if (at + within > seen) {
          seen = at + within;
          found.push(seen);
        }
      }
    }
    return found;
  }

  function place(line, at, numeral) {
    const words = line.textContent;
    const quote = words.slice(Math.max(0, at - AROUND), at + numeral.length + AROUND);
    const before = lines.slice(0, lines.indexOf(line)).reduce((sum, each) => sum + places(each.textContent, quote, numeral).length, 0);
    return { quote, numeral, occurrence: before + places(words, quote, numeral).indexOf(at) + 1 };
  }

  function add(line, at, numeral) {
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    let here = 0;
    for (let node = walker.nextNode(); node; here += node.length, node = walker.nextNode()) {
      if (at < here || at + numeral.length > here + node.length) continue;
      if (node.parentElement !== line) return ["这个数已经有一行了", "This number has a row already"];
      const range = document.createRange();
      range.setStart(node, at - here);
      range.setEnd(node, at - here + numeral.length);
      const mark = document.createElement("button");
      mark.type = "button";
      mark.className = "row";
      mark.dataset.row = String(rows.length);
      const named = place(line, at, numeral);
      range.surroundContents(mark);
      const unit = /^(?:个百分点|[百千万亿]*(?:亿元|万元|元|%|‰|公里|平方公里|亩|吨|人次|人|户|[个家项名所处条件台辆座张]))/.exec(line.textContent.slice(at + numeral.length));
      rows.push({
        place: named, quote: named.quote, section: line.dataset.section, line: line.dataset.number, confidence: null, base: "", removed: false, added: true,
        fields: {}, now: {
          indicator: "", value: /^\d+(\.\d+)?$/.test(numeral) ? numeral : "", value_high: null, unit: unit ? unit[0] : "", comparator: "=", kind: "level",
          direction: "none", period: "other", status: "outcome", estimate: false, aspirational: null, area: "",
        },
      });
      touched(rows.length - 1);
      choose(rows.length - 1, true);
      find("indicator").focus();
      return null;
    }
    return ["正文里找不到这个数字，或它已经有一行了", "The number is not there, or has a row already"];
  }

  find("add").addEventListener("submit", (event) => {
    event.preventDefault();
    const line = lines.find((each) => each.dataset.number === find("add-line").value.trim());
    const numeral = find("add-numeral").value.trim();
    const nth = Number(find("add-nth").value.trim() || 1);
    const found = line && numeral ? places(line.textContent, line.textContent, numeral) : [];
    if (line) reveal(line);
    const bad = found[nth - 1] === undefined ? ["这一行里没有这个数字", "The line has no such number"] : add(line, found[nth - 1], numeral);
    find("add-problem").hidden = !bad;
    if (bad) say(find("add-problem"), ...bad);
  });

  document.addEventListener("selectionchange", () => {
    const selection = window.getSelection();
    const words = selection.toString().trim();
    const node = selection.anchorNode;
    const line = node?.parentElement?.closest(".line");
    if (!line || !words || words.length > 12 || selection.focusNode?.parentElement?.closest(".line") !== line) return;
    const before = document.createRange();
    before.setStart(line, 0);
    before.setEnd(selection.getRangeAt(0).startContainer, selection.getRangeAt(0).startOffset);
    const at = before.toString().length + (selection.toString().length - selection.toString().trimStart().length);
    find("add-line").value = line.dataset.number;
    find("add-numeral").value = words;
    find("add-nth").value = String(places(line.textContent, line.textContent, words).indexOf(at) + 1 || 1);
    if (!narrow.matches) open("tab-add");
  });

  /* the file */
  function records() {
    const written = [];
    for (const row of rows) {
      if (row.added) {
        if (!row.removed && row.now.indicator) written.push({ do: "add", ...row.place, new: row.now });
      } else if (row.removed) {
        written.push({ do: "remove", ...row.place, old: `${row.fields.value}${row.fields.unit}` });
      } else {
        for (const field of changes(row)) written.push({ do: "change", ...row.place, field, old: row.fields[field], new: row.now[field] });
      }
    }
    return written;
  }

  function count() {
    const number = records().length;
    find("edits").textContent = String(number);
    find("save").disabled = number === 0;
  }

  find("save").addEventListener("click", () => {
    const whole = [...data.earlier, ...records().map((record) => JSON.stringify(record))].map((line) => `${line}\n`).join("");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([whole], { type: "application/jsonl" }));
    link.download = `${data.source.replace(/\.[^.]*$/, "")}.corrections.jsonl`;
    link.click();
    saved = true;
    say(find("said"), `已保存 ${link.download}。下次运行：yunnao plan read ${data.source} --corrections ${link.download}`, `Saved ${link.download}. Next: yunnao plan read ${data.source} --corrections ${link.download}`);
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });

  find("language").addEventListener("click", () => {
    const root = document.documentElement;
    const english = root.dataset.language !== "en";
    root.dataset.language = english ? "en" : "zh";
    root.lang = english ? "en" : "zh-CN";
  });
  window.addEventListener("beforeunload", (event) => { if (!saved) event.preventDefault(); });
})();
