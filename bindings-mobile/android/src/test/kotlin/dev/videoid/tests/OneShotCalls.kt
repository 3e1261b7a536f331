package dev.videoid.tests

import dev.videoid.*
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull

/** The calls of scenarios to the One-Shot client and its workflows. */
class OneShotCalls(private val newClient: () -> OneShot, private val waiting: Waiting) : AutoCloseable {
    private var client: OneShot? = null
    private var workflow: OneShotWorkflow? = null

    private fun client() = client ?: newClient().also { client = it }

    /** Makes the call and gives its result as JSON; null where it is none of these. */
    suspend fun call(name: String, args: Given, options: RequestOptions): JsonElement? {
        if (name == "new_one_shot_client") return JsonNull.also { client() }
        val eidas = name.startsWith(EIDAS)
        if (!eidas && !name.startsWith(EXTERNAL)) return oneShotOperation(name, ::client, args, options)
        val step = name.removePrefix(if (eidas) EIDAS else EXTERNAL)
        if (step == "resume") return resumed(args, eidas)
        val flow = workflow ?: made(eidas)
        check((flow is OneShotEidas) == eidas) { "the scenario has another workflow" }
        return ofOneFlow(flow, step, args, options) ?: ofOfficer(flow, step, args, options) ?: ofSigner(flow, step, args, options)
    }

    private fun made(eidas: Boolean): OneShotWorkflow = (if (eidas) OneShotEidas(client()) else OneShotExternal(client())).also { workflow = it }

    /** The state goes into a new client and a new workflow, as in another process. */
    private fun resumed(args: Given, eidas: Boolean): JsonElement {
        val state = args.state { (workflow ?: made(eidas)).state }
        client = null
        workflow = if (eidas) OneShotEidas.resume(client(), state) else OneShotExternal.resume(client(), state)
        return JsonNull
    }

    private suspend fun ofOneFlow(flow: OneShotWorkflow, step: String, args: Given, options: RequestOptions): JsonElement? = when {
        flow is OneShotExternal && step == "submit" -> {
            val videoid = NewVideoId.fromJson(args.json("videoid"))
            parsed(flow.submit(videoid, args.evidence("evidence"), args.source("video"), options).toJson())
        }
        flow is OneShotEidas && step == "start" -> parsed(flow.start(NewVideoId.fromJson(args.json("videoid")), options).toJson())
        flow is OneShotEidas && step == "wait_for_user" ->
            waiting.call(args) { deadline, poll, maxPoll, inbox -> flow.waitForUser(deadline, poll, maxPoll, inbox, options).toJson() }
        else -> null
    }

    private suspend fun ofOfficer(flow: OneShotWorkflow, step: String, args: Given, options: RequestOptions): JsonElement? {
        val rao = { OneShotRao.fromJson(args.json("rao")) }
        val outcome = when (step) {
            "validate" -> flow.validate(rao(), options)
            "approve" -> flow.approve(rao(), options)
            "refuse" -> flow.refuse(rao(), args.text("reason"), options)
            "look" -> flow.look(options)
            else -> return null
        }
        return parsed(outcome.toJson())
    }

    private suspend fun ofSigner(flow: OneShotWorkflow, step: String, args: Given, options: RequestOptions): JsonElement? = when (step) {
        "documents" -> parsed(flow.documents(args.sources("documents"), options).toJson())
        "contract" -> parsed(flow.contract(args.file("path"), options).toJson())
        "contract_shown" -> nothing { flow.contractShown() }
        "otp" -> parsed(flow.otp(if (args.has("delivery_method")) otpDeliveryFrom(args.text("delivery_method")) else null, options).toJson())
        "sign" -> parsed(flow.sign(Signing.fromJson(args.json("signing")), options).toJson())
        "save" -> parsed(flow.save(args.file("folder"), options).toJson())
        "delete" -> parsed(flow.delete(args.file("folder"), options).toJson())
        "adopt" -> nothing { flow.adopt(VideoIdHandle.fromJson(args.json("handle"))) }
        "create_anew" -> nothing { flow.createAnew() }
        "cancel" -> nothing { flow.cancel(options) }
        else -> null
    }

    private suspend fun nothing(call: suspend () -> Unit): JsonElement {
        call()
        return JsonNull
    }

    override fun close() {
        workflow?.close()
    }

    private companion object {
        const val EIDAS = "one_shot_eidas_"
        const val EXTERNAL = "one_shot_external_"
    }
}
