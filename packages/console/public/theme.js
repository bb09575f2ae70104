// Runs before the first paint, so that a chosen theme or language never flashes; a file of its own because the
// content security policy forbids inline scripts.
try {
  const theme = localStorage.getItem('maru.theme');
  if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
  const language = localStorage.getItem('maru.language') || navigator.language;
  document.documentElement.lang = language.startsWith('ko') ? 'ko' : 'en';
} catch {
  // Storage may be forbidden; the system's theme then stands.
}
