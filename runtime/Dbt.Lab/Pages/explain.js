'use strict';
(() => {
  const sections = [...document.querySelectorAll('section')];
  const links = [...document.querySelectorAll('nav a')];
  let shown = 0, cursor = -1, pinned = null;

  const rows = () => [...sections[shown].querySelectorAll('.guest')].filter(row => row.offsetParent !== null);
  const mates = row => row.dataset.g === undefined ? [row] : [...sections[shown].querySelectorAll(`[data-g="${row.dataset.g}"]`)];
  const clear = name => document.querySelectorAll('.' + name).forEach(row => row.classList.remove(name));
  const mark = (row, name) => { clear(name); if (row) mates(row).forEach(mate => mate.classList.add(name)); };

  function show(index, focus) {
    if (index < 0 || index >= sections.length) return;
    clear('pinned'); clear('on'); clear('cursor');
    pinned = null; cursor = -1; shown = index;
    sections.forEach((section, i) => section.classList.toggle('shown', i === index));
    links.forEach((link, i) => i === index ? link.setAttribute('aria-current', 'page') : link.removeAttribute('aria-current'));
    history.replaceState(null, '', '#' + sections[index].id);
    links[index].scrollIntoView({ block: 'nearest' });
    document.querySelector('main').scrollTop = 0;
    if (focus) links[index].focus();
  }

  function move(step) {
    const list = rows();
    if (list.length === 0) return;
    cursor = Math.max(0, Math.min(list.length - 1, cursor < 0 && step < 0 ? list.length - 1 : cursor + step));
    clear('cursor');
    list[cursor].classList.add('cursor');
    list[cursor].scrollIntoView({ block: 'nearest' });
    mark(list[cursor], 'on');
  }

  function pin(row) {
    const same = pinned !== null && row !== null && pinned.dataset.g === row.dataset.g;
    pinned = same ? null : row;
    mark(pinned, 'pinned');
    if (pinned) mates(pinned).find(mate => mate.classList.contains('host'))?.scrollIntoView({ block: 'nearest' });
  }

  const cellOf = event => event.target.closest('[data-g]');
  document.addEventListener('mouseover', event => mark(cellOf(event), 'on'));
  document.addEventListener('click', event => {
    const link = event.target.closest('a[href^="#"]');
    const target = link ? sections.findIndex(section => '#' + section.id === link.getAttribute('href')) : -1;
    if (target >= 0) { event.preventDefault(); show(target); return; }
    const cell = cellOf(event);
    if (cell) pin(cell);
  });
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const actions = {
      j: () => move(1), ArrowDown: () => move(1), k: () => move(-1), ArrowUp: () => move(-1),
      n: () => show(shown + 1, true), ArrowRight: () => show(shown + 1, true), p: () => show(shown - 1, true), ArrowLeft: () => show(shown - 1, true),
      Home: () => show(0, true), c: () => document.body.classList.toggle('hide-cold'),
      Escape: () => { pin(null); clear('on'); clear('cursor'); cursor = -1; },
      Enter: () => { if (cursor >= 0) pin(rows()[cursor]); else return false; },
    };
    if (actions[event.key] && actions[event.key]() !== false) event.preventDefault();
  });

  document.body.classList.remove('plain');
  show(Math.max(0, sections.findIndex(section => '#' + section.id === location.hash)));
})();
