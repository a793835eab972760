/** A point in the plane. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export function add(first: Point, second: Point): Point {
  return { x: first.x + second.x, y: first.y + second.y };
}

export function distance(first: Point, second: Point): number {
  return Math.hypot(first.x - second.x, first.y - second.y);
}

/** The sum of all distances from one point to the next. */
export function pathLength(points: readonly Point[]): number {
  let length = 0;
  for (let
