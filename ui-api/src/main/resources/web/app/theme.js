// Light, dark, or as the system has it.
const KEY = 'penstock-theme';

export function theme() {
  return localStorage.getItem(KEY) ?? 'system';
}

export function chooseTheme(chosen) {
  if (chosen === 'system') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, chosen);
  apply();
}

function apply() {
  const chosen = theme();
  if (chosen === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}

apply();
