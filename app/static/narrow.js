// Whether the window is narrow: what stands in the sidebars is drawn at its size on screen, so that text keeps its 12 px.

export const narrow = matchMedia("(max-width: 1100px)");
