import { NacreError } from '../runtime/errors.ts';
import type { FeatureColumn } from '../table/feature-table.ts';
import { mainDirections } from './main-directions.ts';
import { dot, unitVector } from './moments.ts';
import { type RelevanceOptions, relevanceOf } from './relevance.ts';
import type { TrainingRows } from './rows.ts';

/** More than rounding takes from the square of a rest. */
const ROUNDING = 1e-13;

/**
 * What the correlation filter and mRMR measure of single columns: unit vectors, relevance for the labels, and coordinates along
 * a few main directions. Each is computed when a column is first asked for, and kept for every pipeline on the same training rows.
 */
export class ColumnMeasures {
  /** Number of training rows. */
  readonly rows: number;
  readonly #columns: readonly FeatureColumn[];
  readonly #labels: Uint8Array;
  readonly #options: RelevanceOptions;
  readonly #places: Map<FeatureColumn, number>;
  readonly #relevance: Float64Array;
  readonly #hasUnit: Uint8Array;
  readonly #hasRelevance: Uint8Array;
  #unit: Float64Array | undefined;
  #along: MainCoordinates | undefined;
  #pairs: KnownPairs | undefined;

  constructor({ columns, labels, patients }: TrainingRows, options: RelevanceOptions = {}) {
    this.rows = patients.length;
    this.#columns = columns;
    this.#labels = labels;
    this.#options = options;
    this.#places = new Map(columns.map((column, place) => [column, place]));
    this.#relevance = new Float64Array(columns.length);
    this.#hasUnit = new Uint8Array(columns.length);
    this.#hasRelevance = new Uint8Array(columns.length);
  }

  /** The place of each of these columns, which are columns of the rows themselves. @throws NacreError `missing-column` */
  placesOf(columns: readonly FeatureColumn[]): Int32Array {
    return Int32Array.from(columns, (column) => {
      const place = this.#places.get(column);
      if (place !== undefined) return place;
      throw new NacreError('missing-column', 'a column was prepared from other rows', {
        column: column.name,
        found: `${this.#columns.length} other columns`,
        todo: 'measure the columns on the rows that they come from',
      });
    });
  }

  /** Unit vectors, place after place: those of the named places are there. Their columns are complete. */
  unit(places: Int32Array): Float64Array {
    this.#unit ??= new Float64Array(this.#columns.length * this.rows);
    for (const place of places) {
      if (this.#hasUnit[place] === 1) continue;
      this.#hasUnit[place] = 1;
      unitVector(this.#columns[place].values, this.#unit, place * this.rows);
    }
    return this.#unit;
  }

  /** Relevance of each of these columns, which are complete. */
  relevance(places: Int32Array): Float64Array {
    return Float64Array.from(places, (place) => {
      if (this.#hasRelevance[place] === 0) {
        this.#hasRelevance[place] = 1;
        const { values } = this.#columns[place];
        this.#relevance[place] = relevanceOf(values, this.#labels, this.#options);
      }
      return this.#relevance[place];
    });
  }

  /**
   * Coordinates of each column along the main directions, and the length of what is left of it. The directions are learned from
   * the columns that are asked for first.
   */
  heads(places: Int32Array): { heads: Float64Array; rests: Float64Array; head: number } {
    const unit = this.unit(places);
    const n = this.rows;
    const along = this.#along ?? this.#coordinates(mainDirections(unit, n, places));
    this.#along = along;
    const head = along.directions.length;
    const heads = new Float64Array(places.length * head);
    const rests = new Float64Array(places.length);
    for (let c = 0; c < places.length; c++) {
      const place = places[c];
      if (along.has[place] === 0) placeAlong(unit, n, place, along);
      for (let d = 0; d < head; d++) heads[c * head + d] = along.heads[place * head + d];
      rests[c] = along.rests[place];
    }
    return { heads, rests, head };
  }

  /** Pairs that correlation filters with this threshold have decided; each adds its own. */
  pairs(threshold: number): KnownPairs {
    if (this.#pairs?.threshold !== threshold) {
      const columns = this.#columns.length;
      this.#pairs = {
        threshold,
        twin: new Int32Array(columns).fill(-1),
        apart: new Uint8Array(columns),
      };
    }
    return this.#pairs;
  }

  #coordinates(directions: Float64Array[]): MainCoordinates {
    const columns = this.#columns.length;
    return {
      directions,
      heads: new Float64Array(columns * directions.length),
      rests: new Float64Array(columns),
      has: new Uint8Array(columns),
    };
  }
}

/** What filters have found of pairs of columns, by place. */
export interface KnownPairs {
  readonly threshold: number;
  /** A column whose |r| with this one is above the threshold; −1 where none is known. */
  readonly twin: Int32Array;
  /** 1 for columns no two of which are above the threshold: those that the first filter kept. */
  readonly apart: Uint8Array;
}

/** Columns along the main directions; `has` is 1 at the places of those that were computed. */
interface MainCoordinates {
  directions: readonly Float64Array[];
  heads: Float64Array;
  rests: Float64Array;
  has: Uint8Array;
}

function placeAlong(
  unit: Float64Array,
  n: number,
  place: number,
  { directions, heads, rests, has }: MainCoordinates,
): void {
  const head = directions.length;
  let left = 1;
  for (let d = 0; d < head; d++) {
    const along = dot(unit, place * n, directions[d], 0, n);
    heads[place * head + d] = along;
    left -= along * along;
  }
  // Rounding may only make a rest longer: then the pair is computed in full.
  rests[place] = Math.sqrt(Math.max(0, left) + ROUNDING);
  has[place] = 1;
}
