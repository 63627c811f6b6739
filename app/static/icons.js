// Drawings of 16 by 16 that take the colour of the text beside them.

/** @type {Record<string, string>} */
export const ICONS = {
  pause: '<path d="M4 3h3v10H4zM9 3h3v10H9z" fill="currentColor"/>',
  play: '<path d="M4 2.5v11l9-5.5z" fill="currentColor"/>',
  step: '<path d="M3 3v10l7-5zM11 3h2v10h-2z" fill="currentColor"/>',
  reset:
    '<path d="M3.2 6.2A5.2 5.2 0 1 1 2.8 9" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M2.2 2.6v4.2h4.2z" fill="currentColor"/>',
  change: '<path d="M9 1 3 9h4l-1 6 6-8H8z" fill="currentColor"/>',
  sliders:
    '<path d="M2 5h6M12 5h2M2 11h2M8 11h6" stroke="currentColor" stroke-width="1.5"/><circle cx="10" cy="5" r="2" fill="none" stroke="currentColor" stroke-width="1.5"/><circle cx="6" cy="11" r="2" fill="none" stroke="currentColor" stroke-width="1.5"/>',
  share:
    '<path d="M6.5 9.5 9.5 6.5M7 4.5 8.8 2.7a3 3 0 0 1 4.3 4.3L11.3 8.8M9 11.5l-1.8 1.8a3 3 0 0 1-4.3-4.3L4.7 7.2" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round"/>',
  theme:
    '<path d="M13 9.8A5.6 5.6 0 0 1 6.2 3 5.6 5.6 0 1 0 13 9.8z" fill="none" stroke="currentColor" stroke-width="1.5"/>',
  save: '<path d="M8 2v8M4.5 7 8 10.5 11.5 7M3 13.5h10" fill="none" stroke="currentColor" stroke-width="1.6"/>',
  open: '<path d="M8 10.5v-8M4.5 6 8 2.5 11.5 6M3 13.5h10" fill="none" stroke="currentColor" stroke-width="1.6"/>',
  live: '<circle cx="8" cy="8" r="4" fill="currentColor"/>',
  fork: '<path d="M3 8h3c3 0 3-4.5 6-4.5M6 8c3 0 3 4.5 6 4.5" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="m10.5 1 3.5 2.5-3.5 2.5zM10.5 10l3.5 2.5-3.5 2.5z" fill="currentColor"/>',
  search:
    '<circle cx="7" cy="7" r="4.2" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="m10.2 10.2 3.6 3.6" stroke="currentColor" stroke-width="1.5"/>',
  lifelong:
    '<path d="M1.8 8c0-4 4.2-4 6.2 0s6.2 4 6.2 0-4.2-4-6.2 0-6.2 4-6.2 0z" fill="none" stroke="currentColor" stroke-width="1.6"/>',
  compete: '<path d="M1.5 4v8L7 8zM14.5 4v8L9 8z" fill="currentColor"/>',
  cooperate:
    '<circle cx="5.7" cy="8" r="3.7" fill="none" stroke="currentColor" stroke-width="1.5"/><circle cx="10.3" cy="8" r="3.7" fill="none" stroke="currentColor" stroke-width="1.5"/>',
};
