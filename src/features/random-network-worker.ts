import { makeRandomNetwork, type RandomNetworkTask } from './make-random-network.ts';

/** Worker thread of `extractionNetworks`: one random network at a time. */
export default function work(task: RandomNetworkTask): Promise<string> {
  return makeRandomNetwork(task);
}
