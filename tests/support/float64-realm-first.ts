/** Import this before anything else to run a whole test file in a double-precision realm. */
import { enterFloat64Realm } from '../../core/models/tensorflow/float64-realm.ts';

enterFloat64Realm();
