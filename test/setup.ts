/** Before every test file: property tests draw the same values each time, so that a run can be repeated. */
import fc from 'fast-check';

fc.configureGlobal({ seed: 20_261_124 });
