// The one table of ops: domain, a colon, the op's name in ONNX. An op that is not here is refused when a model is loaded.
import type { CompileNode } from "../operand.ts";
import { compileAbs } from "./abs.ts";
import { compileAdd } from "./add.ts";
import { compileArgMax } from "./arg-max.ts";
import { compileCast } from "./cast.ts";
import { compileClip } from "./clip.ts";
import { compileConcat } from "./concat.ts";
import { compileDiv } from "./div.ts";
import { compileExp } from "./exp.ts";
import { compileGather } from "./gather.ts";
import { compileIdentity } from "./identity.ts";
import { compileIsNaN } from "./is-nan.ts";
import { compileLabelEncoder } from "./label-encoder.ts";
import { compileLessOrEqual } from "./less-or-equal.ts";
import { compileLog } from "./log.ts";
import { compileMatMul } from "./mat-mul.ts";
import { compileMax } from "./max.ts";
import { compileMin } from "./min.ts";
import { compileMul } from "./mul.ts";
import { compileReduceSum } from "./reduce-sum.ts";
import { compileReshape } from "./reshape.ts";
import { compileSub } from "./sub.ts";
import { compileTreeEnsembleRegressor } from "./tree-ensemble-regressor.ts";
import { compileWhere } from "./where.ts";

export const ops: ReadonlyMap<string, CompileNode> = new Map([
  [":Abs", compileAbs],
  [":Add", compileAdd],
  [":ArgMax", compileArgMax],
  [":Cast", compileCast],
  [":Clip", compileClip],
  [":Concat", compileConcat],
  [":Div", compileDiv],
  [":Exp", compileExp],
  [":Gather", compileGather],
  [":Identity", compileIdentity],
  [":IsNaN", compileIsNaN],
  [":LessOrEqual", compileLessOrEqual],
  [":Log", compileLog],
  [":MatMul", compileMatMul],
  [":Max", compileMax],
  [":Min", compileMin],
  [":Mul", compileMul],
  [":ReduceSum", compileReduceSum],
  [":Reshape", compileReshape],
  [":Sub", compileSub],
  [":Where", compileWhere],
  ["ai.onnx.ml:LabelEncoder", compileLabelEncoder],
  ["ai.onnx.ml:TreeEnsembleRegressor", compileTreeEnsembleRegressor],
]);
