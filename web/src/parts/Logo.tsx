/** A dowsing rod over what it found. */
export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" fill="none" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">
      <path class="logo-rod" d="M4 4l8 9 8-9" />
      <path class="logo-stem" d="M12 13v8" />
      <circle class="logo-found" cx="12" cy="21" r="1.6" />
    </svg>
  );
}
