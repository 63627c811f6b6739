// What the parts of the page are to each other. Messages: messages.d.ts.

import type { Answer, Asked, Knob, Message, Pair, Status, Values } from "./messages.js";
import type { FrameOf, Kind, SceneOf } from "./scenes.js";

declare global {
  interface Window {
    /** Solara's own. */
    solara?: {
      cdn?: string;
      rootPath?: string;
      debug?: { kernel?: () => { connectionStatus: string; reconnect?: () => Promise<void> } };
    };
    /** For tests and the curious. */
    everlearn?: { view: View | null };
  }
}

/** What may stand inside an element. */
export type Child = Node | string | number | boolean | null | undefined | readonly Child[];

/** Attributes of an element; those that begin with "on" are listeners, `html` is markup of ours. */
export type Props = Record<string, any> | null;

/** The widget's model, as anywidget gives it. */
export interface Model {
  send(content: object, callbacks: undefined, buffers: ArrayBuffer[]): void;
  on(name: "msg:custom", receive: Receive): void;
  off(name: "msg:custom", receive: Receive): void;
}

export type Receive = (message: Message, buffers: DataView<ArrayBuffer>[]) => void;

/** Says something to the server. */
export type Send = <K extends keyof Asked>(
  k: K,
  ...rest: {} extends Asked[K] ? [] : [Asked[K], ArrayBuffer[]?]
) => void;

/** What every view can ask of the page. */
export interface App {
  send: Send;
  /** Say something over whatever is shown, until it is clicked away. */
  say(text: string): void;
  dialogs: Dialogs;
  /** Go to another address of this page, as a link does. */
  follow(event: MouseEvent, search: string): void;
  /** Show in the address bar how to come back here. */
  remember(search: string): void;
  /** Light to dark and back. */
  flip(): void;
  /** Show all keys. */
  keys(): void;
}

/** The dialog that is open over a view, one at a time. */
export interface Dialogs {
  close(): void;
  readonly name: string | undefined;
  file(text: string): void;
  refresh(status: Changing): void;
  toggle(name: string, build: () => OpenDialog): void;
}
export interface OpenDialog {
  title: string;
  body: HTMLElement;
  /** Whether it stands above the button that opens it. */
  up?: boolean;
  refresh?: (status: Changing) => void;
  file?: (text: string) => void;
}

/** A key that was pressed. */
export type Key = { key: string; shiftKey: boolean };

/** What fills the page: the gallery, a world, or why it cannot be shown. */
export interface View {
  place: HTMLElement;
  receive: Receive;
  redraw(): void;
  /** Whether the key meant something. */
  key(event: Key): boolean;
  end(): void;
  /** The server cannot be reached, or can be again. */
  lost?(is: boolean): void;
  /** Escape was pressed, and closed a dialog or not. */
  escape?(closed: boolean): void;
}

/** Curves of the headline metrics: a column of ticks, then one per metric; and the numbers now. */
export interface Curve {
  columns: number[][];
  now: (number | null)[];
}

/** A what-if with what its pairs say. */
export type Compared = Pair & Partial<Answer>;

/** Parameters of the world that people change: of B in a what-if. */
export type Changing = Pick<Status, "parameters" | "changed">;

/** What is to be applied at reset. */
export type Waiting = Values & { learner?: string | null; lifelong?: boolean | null };

/** Change a parameter; `text` is what the timeline says of it. */
export type Change = (knob: Knob, value: any, text?: string) => void;

/** Colours of the theme by token, and the font. */
export type Inks = Record<string, string>;

/** What draws on a canvas. */
export type Brush = CanvasRenderingContext2D;

/** Pixels of a canvas, or metres where it is said. */
export type Place = [x: number, y: number];
export type Segment = [x0: number, y0: number, x1: number, y1: number];

/** Paints a layer of a picture, or a part of one, by a layout that holds places, sizes and colours. */
export type Layer<Layout, More extends unknown[] = []> = (c: Brush, layout: Layout, ...more: More) => void;

/** A mark and what it means; `more`: left out of a narrow window. */
export type Marked = [mark: Child, text: Child, more?: boolean];

/** Draws one kind of world; places are in CSS pixels of its canvas, agents and edges are numbers, -1 for none. */
export interface Painter<K extends Kind = Kind> {
  /** What does not move, drawn once. */
  ground(c: Brush): void;
  /** What moves, `part` of the way between two frames; whether something is still settling. `seconds`: null for stills. */
  moving(
    c: Brush,
    from: FrameOf<K>,
    to: FrameOf<K>,
    part: number,
    selected: number,
    seconds: number | null,
  ): boolean | void;
  /** The agent at a place. */
  hit(x: number, y: number): number;
  /** The edge at a place. */
  edge?(x: number, y: number): number;
  /** What there is to say of a place. */
  note?(x: number, y: number): string;
  /** Where an agent, and an edge, is drawn. */
  at(agent: number): Place;
  middle?(edge: number): Place;
  /** The picture in words. */
  describe(frame: FrameOf<K>): string;
  legend(): Marked[];
}

/** Makes the painter of a scene; `card`: for a card of the gallery. */
export type MakePainter<K extends Kind> = (
  scene: SceneOf<K>,
  ink: Inks,
  width: number,
  height: number,
  how: { card?: boolean },
) => Painter<K>;
