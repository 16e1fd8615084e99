import { makeRandomNetwork, type RandomNetworkTask } from './extraction-networks.ts';

/** Worker thread of `extractionNetworks`: one random network at a time. */
export default function work(task: RandomNetworkTask): Promise<void> {
  return makeRandomNetwork(task);
}
