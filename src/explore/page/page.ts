import type { ExploreData } from '../explore-data.ts';
import { carried } from './dom.ts';
import { FeatureSession } from './feature-session.ts';
import { LabSession } from './lab-session.ts';
import { startTabs } from './tabs.ts';

const data = carried<ExploreData>('explore-data');
new FeatureSession(data);
// The tables of the second panel are unpacked when it is first looked at.
let labStarted = data.endpoints.length === 0;
startTabs((panel) => {
  if (panel !== 'lab-panel' || labStarted) return;
  labStarted = true;
  new LabSession(data);
});
