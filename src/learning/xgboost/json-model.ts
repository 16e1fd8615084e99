import { z } from 'zod';
import { log } from '../../runtime/elementary.ts';
import { parseJson } from '../../runtime/read-json.ts';
import { checkedValue } from '../../runtime/schema-fault.ts';
import { brokenModel, ensembleOf, type StoredTree } from './tree-nodes.ts';
import type { TreeEnsemble } from './trees.ts';

const numbers = z.array(z.number());

/** The fields of XGBoost's JSON model that nacre reads (its `model.schema`, versions 1.6 to 3); the rest is ignored. */
const modelSchema = z.object({
  learner: z.object({
    learner_model_param: z.object({ base_score: z.string(), num_feature: z.string() }),
    objective: z.object({ name: z.literal('binary:logistic') }),
    gradient_booster: z.object({
      name: z.literal('gbtree'),
      model: z.object({
        trees: z.array(
          z.object({
            left_children: numbers,
            right_children: numbers,
            split_indices: numbers,
            split_conditions: numbers,
            // 0 and 1, or false and true, by version.
            default_left: z.array(z.union([z.number(), z.boolean()])),
            loss_changes: numbers,
            sum_hessian: numbers,
          }),
        ),
      }),
    }),
  }),
});

type JsonTree = z.output<
  typeof modelSchema
>['learner']['gradient_booster']['model']['trees'][number];

/**
 * Reads the JSON model of a native XGBoost. Its numbers are the shortest that give the float32 back, so nothing is lost.
 *
 * @throws NacreError `bad-model` for anything else than a whole gbtree model
 */
export function readJsonModel(text: string): TreeEnsemble {
  let json: unknown;
  try {
    json = parseJson(text, { what: 'the model of XGBoost' });
  } catch {
    throw brokenModel(`${text.length} characters`, 'JSON');
  }
  const { data, fault } = checkedValue(modelSchema, json);
  if (fault !== undefined) {
    throw brokenModel(
      `${fault.path.join('.')}: ${fault.found} in place of ${fault.expected}`,
      'a gbtree of binary:logistic',
    );
  }
  const { learner_model_param: param, gradient_booster: booster } = data.learner;
  // A probability, `5E-1`; since 3.1 a vector of one, `[5E-1]`.
  const base = Number(param.base_score.replace(/^\[(.*)\]$/, '$1'));
  if (!(base > 0 && base < 1)) throw brokenModel(`base_score ${param.base_score}`, '0 to 1');
  const margin = Math.fround(-log(1 / base - 1));
  return ensembleOf(booster.model.trees.map(storedTree), margin, Number(param.num_feature));
}

function storedTree(tree: JsonTree): StoredTree {
  const size = tree.left_children.length;
  const whole = Object.values(tree).every((array) => array.length === size);
  if (!whole) throw brokenModel('arrays of several lengths', `${size} nodes in each`);
  return {
    size,
    node: (index) => ({
      left: tree.left_children[index],
      right: tree.right_children[index],
      feature: tree.split_indices[index],
      missingLeft: Boolean(tree.default_left[index]),
      value: tree.split_conditions[index],
      gain: tree.loss_changes[index],
      cover: tree.sum_hessian[index],
    }),
  };
}
