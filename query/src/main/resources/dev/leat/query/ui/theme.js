// Before anything is drawn, so that a dark page does not flash white. No module: it must not wait.
(() => {
  const kept = localStorage.getItem('leat.theme');
  if (kept === 'light' || kept === 'dark') document.documentElement.dataset.theme = kept;
})();
