import { provideNativeBooster } from '../../learning/xgboost/native-engine.ts';
import { loadNativeXgboost } from './native-xgboost.ts';

// Imported where pipelines are fitted on this machine, so that `implementation: native` finds its library.
provideNativeBooster(loadNativeXgboost);
