import { defaultClasses, featureNames } from '../radiomics/feature-classes.ts';
import type { ParameterFile, RadiomicsSettings } from '../radiomics/parameter-file.ts';
import { defaultSettings, type Settings } from '../radiomics/settings.ts';

/** Settings as a person would write them: without what is the default anyway. */
export function writtenParameters(settings: RadiomicsSettings): ParameterFile {
  const differs = (key: keyof Settings) =>
    JSON.stringify(settings.setting[key]) !== JSON.stringify(defaultSettings[key]);
  const keys = (Object.keys(settings.setting) as (keyof Settings)[]).filter(differs);
  const classes = Object.entries(settings.featureClass).map(([name, features]) => {
    const all = JSON.stringify(features) === JSON.stringify(featureNames(name)?.standard);
    return [name, all ? [] : [...features]] as const;
  });
  const usual =
    classes.every(([, features]) => features.length === 0) &&
    JSON.stringify(classes.map(([name]) => name)) === JSON.stringify(defaultClasses);
  return {
    imageType: structuredClone(settings.imageType) as ParameterFile['imageType'],
    ...(!usual && { featureClass: Object.fromEntries(classes) }),
    setting: Object.fromEntries(keys.map((key) => [key, settings.setting[key]])),
  } as ParameterFile;
}
