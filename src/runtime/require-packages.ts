import { installedPackage } from './installed-package.ts';
import { type OptionalPackage, packageMissing } from './optional-package.ts';

/**
 * Checks packages before a step that loads several of them, or that starts a process which needs them.
 *
 * @throws NacreError `package-missing`, with every one of the names that is not installed
 */
export function requirePackages(...names: OptionalPackage[]): void {
  const missing = names.filter((name) => installedPackage(name) === undefined);
  if (missing.length > 0) throw packageMissing(missing);
}
