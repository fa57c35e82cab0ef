// Before anything is painted, and in a file because the pages allow no scripts inside them.
(function () {
  var root = document.documentElement;
  var chosen = null;
  try {
    chosen = localStorage.getItem('dowse.theme');
  } catch (error) {
    // Storage may be forbidden; the system's choice is then the only one.
  }
  var dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset.theme = dark ? 'dark' : 'light';
})();
